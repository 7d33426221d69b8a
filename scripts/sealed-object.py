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


def master_open(database, root, sealed, purpose):
    assert sealed[0] == 2
    master = master_key(database, root, struct.unpack(">q", sealed[1:9])[0])
    return small_open(derive(master, purpose, b"berth master key"), sealed[9:], sealed[:9] + purpose.encode())


def kms_open(database, root, ciphertext, context):
    """A data key of a KMS key that Berth holds (docs/kms.md)."""
    assert ciphertext[0] == 1
    material = ciphertext[17:49].hex()
    secret, = database.execute("SELECT secret FROM kms_materials WHERE id = ?", (material,)).fetchone()
    pairs = b"".join(struct.pack(">I", len(text)) + text for pair in sorted(context.items()) for text in map(str.encode, pair))
    return small_open(master_open(database, root, secret, f"kms material {material}"), ciphertext[49:], ciphertext[:49] + pairs)


def data_keys(database, root, name, digest):
    """Keys and contexts of the layers, the innermost first; where the object is, and the sizes of content and object."""
    row = database.execute(
        """SELECT r.id, r.account, r.region, r.domain, r.sealed_key, l.wrap, b.generation, b.object_key, b.size, b.sealed_bytes
           FROM repos r JOIN repo_blobs l ON l.repo_id = r.id AND l.key_number = r.key_number JOIN blobs b ON b.id = l.blob_id
           WHERE r.name = ? AND r.state = 0 AND hex(b.digest) LIKE ?""", (name, "%" + digest.split(":")[1].upper())).fetchone()
    repo, account, region, domain, sealed_key, wrap, generation, object_key, size, sealed_bytes = row
    arn = f"arn:aws:ecr:{region}:{account}:repository/{name}"
    who = f"{account}|{region}|{arn}|{repo}"
    assert sealed_key[0] in (1, 4), "under a key of an earlier version"
    secrets = master_open(database, root, sealed_key[1:], f"berth repository key v1|{domain}|{who}")
    seals = [derive(secrets[start:start + 32], "berth data keys") for start in range(0, len(secrets), 32)]
    assert wrap[0] == (1 if sealed_key[0] == 1 else 2)
    rest = wrap[1:]
    if wrap[0] == 2:
        length = struct.unpack(">H", rest[:2])[0]
        seals[0] = derive(kms_open(database, root, rest[2:2 + length], {"aws:ecr:arn": arn}), "berth data key of KMS", seals[0])
        rest = rest[2 + length:]
    assert len(rest) == 60 * len(seals)
    keys = []
    for layer, seal in enumerate(seals):
        context = f"berth data keys v1|{who}|{digest}|{generation}".encode() + bytes([layer])
        keys.append((small_open(seal, rest[60 * layer:60 * (layer + 1)], context), f"berth object v1|{domain}|{object_key}|{layer}".encode()))
    return keys, object_key, size, sealed_bytes


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
    keys, object_key, size, sealed_bytes = data_keys(database, root, name, digest)
    path = f"{data}/blobs/{object_key}"
    if verb == "read":
        content = open(path, "rb").read()
        for key, context in reversed(keys):
            content = open_object(content, key, context)
        assert len(content) == size
        sys.stdout.buffer.write(content)
    else:
        content = sys.stdin.buffer.read()
        for key, context in keys:
            content = seal_object(content, key, context)
        assert len(content) == sealed_bytes
        with open(path, "wb") as file:
            file.write(content)


if __name__ == "__main__":
    if len(sys.argv) != 5 or sys.argv[1] not in ("read", "write"):
        sys.exit(__doc__)
    main(*sys.argv[1:])
