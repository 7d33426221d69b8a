"""What the walks share: calls that must be refused."""
from botocore.exceptions import ClientError


def refused(code, call, text="", **parameters):
    """The answer of a call that is refused with `code` and `text` in its message; any other end of it is an error."""
    try:
        call(**parameters)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        assert text in error.response["Error"]["Message"], error
        return error.response
    raise AssertionError(f"{code} was expected")
