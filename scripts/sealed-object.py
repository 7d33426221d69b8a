#!/usr/bin/env python3
"""Reads and writes stored objects of a data folder without Berth, by docs/encryption.md alone.

    sealed-object.py read  DATA REPOSITORY DIGEST > content     decrypts a blob, from root.key down
    sealed-object.py write DATA REPOSITORY DIGEST < content     puts another encryption of the content in its place, under the same data key

Needs Python's `cryptography`. The server may run while it reads.
"""
import os, sqlite3, struct, sys
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

CHUNK, TAG, SALT, HEADER = 16 << 10, 16, 24, 56


def derive(key, info, salt=None):
    return HKDF(SHA256(), 32, salt, info.encode()).derive(key)


def small_open(key, sealed, context):
    return AESGCM(key).decrypt(sealed[:12], sealed[12:], context)


def master_key(database, root, number):
    use, sealed = database.execute("SELECT use, sealed FROM master_keys WHERE id = ?", (number,)).fetchone()
    purpose = f"berth master key v1|{use}|{number}"
    assert sealed[0] == 1
    return small_open(derive(root, purpose, b"berth root key"), sealed[1:], b"\x01" + purpose.encode())


def data_key(database, root, name, digest):
    row = database.execute(
        """SELECT r.id, r.account, r.region, r.domain, r.sealed_key, l.wrap, b.generation, b.object_key, b.size, b.sealed_bytes
           FROM repos r JOIN repo_blobs l ON l.repo_id = r.id JOIN blobs b ON b.id = l.blob_id
           WHERE r.name = ? AND r.state = 0 AND hex(b.digest) LIKE ?""", (name, "%" + digest.split(":")[1].upper())).fetchone()
    repo, account, region, domain, sealed_key, wrap, generation, object_key, size, sealed_bytes = row
    who = f"{account}|{region}|arn:aws:ecr:{region}:{account}:repository/{name}|{repo}"
    assert sealed_key[0] == 1, "under a KMS key"
    purpose = f"berth repository key v1|{domain}|{who}"
    inner = sealed_key[1:]
    assert inner[0] == 2
    master = master_key(database, root, struct.unpack(">q", inner[1:9])[0])
    repository_key = small_open(derive(master, purpose, b"berth master key"), inner[9:], inner[:9] + purpose.encode())
    context = f"berth data keys v1|{who}|{digest}|{generation}".encode() + b"\x00"
    assert wrap[0] == 1 and len(wrap) == 61
    key = small_open(derive(repository_key, "berth data keys"), wrap[1:], context)
    return key, f"berth object v1|{domain}|{object_key}|0".encode(), object_key, size, sealed_bytes


def message_keys(key, salt, context):
    info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00" + salt + context
    output = HKDFExpand(SHA512(), 32 + 12 + 32, info).derive(key)
    return output[:32], output[32:44], output[44:]


def nonce(base, index):
    return (int.from_bytes(base, "big") ^ index).to_bytes(12, "big")


def open_object(sealed, key, context):
    aead, base, commitment = message_keys(key, sealed[:SALT], context)
    assert sealed[SALT:HEADER] == commitment, "another key or context"
    plain, index, place = [], 0, HEADER
    while True:
        chunk = sealed[place:place + CHUNK + TAG]
        plain.append(AESGCM(aead).decrypt(nonce(base, index), chunk, b""))
        if len(chunk) < CHUNK + TAG:
            return b"".join(plain)
        index, place = index + 1, place + CHUNK + TAG


def seal_object(plain, key, context):
    salt = os.urandom(SALT)
    aead, base, commitment = message_keys(key, salt, context)
    chunks = [AESGCM(aead).encrypt(nonce(base, i), plain[i * CHUNK:(i + 1) * CHUNK], b"") for i in range(len(plain) // CHUNK + 1)]
    return salt + commitment + b"".join(chunks)


def main(verb, data, name, digest):
    root = open(f"{data}/root.key", "rb").read()
    database = sqlite3.connect(f"file:{data}/berth.sqlite?mode=ro", uri=True)
    key, context, object_key, size, sealed_bytes = data_key(database, root, name, digest)
    path = f"{data}/blobs/{object_key}"
    if verb == "read":
        plain = open_object(open(path, "rb").read(), key, context)
        assert len(plain) == size
        sys.stdout.buffer.write(plain)
    else:
        sealed = seal_object(sys.stdin.buffer.read(), key, context)
        assert len(sealed) == sealed_bytes
        with open(path, "wb") as file:
            file.write(sealed)


if __name__ == "__main__":
    if len(sys.argv) != 5 or sys.argv[1] not in ("read", "write"):
        sys.exit(__doc__)
    main(*sys.argv[1:])
