import Stores
