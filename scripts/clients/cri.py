"""Pulls an image as the kubelet has containerd do it, over the Container Runtime Interface, and prints the image's id.
usage: cri.py SOCKET IMAGE USERNAME PASSWORD"""
import sys

import grpc

socket, image, username, password = sys.argv[1:]


def field(number, content):
    """A length-delimited field of a protobuf message."""
    content = content.encode() if isinstance(content, str) else content
    length, size = len(content), b""
    while length > 127:
        size += bytes([length & 127 | 128])
        length >>= 7
    return bytes([number << 3 | 2]) + size + bytes([length]) + content


# PullImageRequest of k8s.io/cri-api, runtime/v1: image (1) with its name (1), auth (2) with user name (1) and password (2).
request = field(1, field(1, image)) + field(2, field(1, username) + field(2, password))
with grpc.insecure_channel("unix://" + socket) as channel:
    answer = channel.unary_unary("/runtime.v1.ImageService/PullImage")(request, timeout=60)
# PullImageResponse: image_ref (1), shorter than 128 bytes.
assert answer[0] == 1 << 3 | 2 and answer[1] == len(answer) - 2, answer
print(answer[2:].decode())
