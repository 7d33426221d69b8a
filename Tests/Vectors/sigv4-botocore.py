"""Writes sigv4-botocore.json: requests signed by botocore, as they would go over the wire.

Run with any botocore: python3 sigv4-botocore.py > sigv4-botocore.json
"""

import base64
import datetime
import json
from urllib.parse import urlsplit

import botocore.auth
import botocore.session
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.credentials import Credentials

NOW = datetime.datetime(2026, 3, 1, 12, 34, 56, tzinfo=datetime.timezone.utc)
botocore.auth.get_current_datetime = lambda *_, **__: NOW

KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SESSION_KEY, TOKEN = "ASIAEXAMPLE", "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGd=="
vectors = []


def record(name, method, url, headers, body, service, region, token):
    parts = urlsplit(url)
    text = lambda value: value.decode() if isinstance(value, bytes) else value
    fields = [[text(k), text(v)] for k, v in headers]
    if not any(k.lower() == "host" for k, _ in fields):
        fields.insert(0, ["Host", parts.netloc])
    vectors.append({
        "name": name, "method": method, "path": parts.path, "query": parts.query, "headers": fields,
        "body": base64.b64encode(body or b"").decode(), "service": service, "region": region,
        "accessKeyID": SESSION_KEY if token else KEY, "secret": SECRET, "token": token,
        "now": int(NOW.timestamp() * 1000)})


def sign(name, method, url, headers=(), body=b"", service="ecr", region="us-east-1", token=None, presign=None):
    request = AWSRequest(method=method, url=url, data=body)
    for key, value in headers:
        request.headers.add_header(key, value)
    credentials = Credentials(SESSION_KEY if token else KEY, SECRET, token)
    if presign:
        SigV4QueryAuth(credentials, service, region, expires=presign).add_auth(request)
    else:
        SigV4Auth(credentials, service, region).add_auth(request)
    record(name, method, request.url, request.headers.items(), body, service, region, token)


def call(name, service, operation, endpoint, region="us-east-1", token=None, **parameters):
    """What the real client of a service sends."""
    session = botocore.session.Session()
    session.set_credentials(SESSION_KEY if token else KEY, SECRET, token)
    client = session.create_client(service, region_name=region, endpoint_url=endpoint)

    def take(request, **_):
        body = request.body.encode() if isinstance(request.body, str) else request.body
        record(name, request.method, request.url, request.headers.items(), body,
               service, region, token)
        return AWSResponse(request.url, 500, {}, None)

    client.meta.events.register_first("before-send", take)
    try:
        getattr(client, operation)(**parameters)
    except Exception:  # there is no answer to parse
        pass


LOCAL = "http://localhost:5000"
call("client-describe-repositories", "ecr", "describe_repositories", LOCAL)
call("client-create-repository", "ecr", "create_repository", LOCAL, repositoryName="team/my-app", tags=[{"Key": "été", "Value": "日本"}])
call("client-other-region", "ecr", "get_authorization_token", LOCAL, region="eu-central-1")
call("client-session-token", "ecr", "list_images", LOCAL, token=TOKEN, repositoryName="my-app")
call("client-upload-layer-part", "ecr", "upload_layer_part", LOCAL, repositoryName="my-app", uploadId="7d3e4c0a-0000-0000-0000-000000000000",
     partFirstByte=0, partLastByte=255, layerPartBlob=bytes(range(256)))
call("client-https-host-without-port", "ecr", "describe_registry", "https://api.ecr.us-east-1.amazonaws.com")
call("client-sts", "sts", "get_caller_identity", LOCAL)
call("client-sts-session-token", "sts", "get_caller_identity", LOCAL, token=TOKEN)
call("client-iam", "iam", "list_users", LOCAL, MaxItems=10, PathPrefix="/a b/")
call("client-eks-path", "eks", "list_addons", LOCAL, clusterName="my cluster", maxResults=5)

HOST = [("Host", "example.amazonaws.com")]
URL = "https://example.amazonaws.com"
sign("get-vanilla", "GET", URL + "/")
sign("get-empty-path", "GET", URL)
sign("post-body", "POST", URL + "/", [("Content-Type", "application/x-www-form-urlencoded; charset=utf8")], b"Param1=value1")
sign("header-blanks", "POST", URL + "/", [("X-Note", "  a   b \t c  "), ("Content-Type", "application/json  ;  q=1")], b"{}")
sign("header-repeated", "POST", URL + "/", [("X-Many", "value4"), ("X-Many", " value1 "), ("X-Many", "value3")], b"{}")
sign("header-case", "POST", URL + "/", [("X-AMZ-tArGeT", "AmazonEC2ContainerRegistry_V20150921.ListImages")], b"{}")
sign("header-empty", "POST", URL + "/", [("X-Empty", "")], b"{}")
sign("header-utf8", "POST", URL + "/", [("X-Name", "Ünïcödé")], b"{}")
sign("header-quotes", "POST", URL + "/", [("X-Quoted", '"a  b, c"; x=":;"')], b"{}")
sign("query-sorted", "GET", URL + "/?b=2&a=1&B=3&A=0&ab=9")
sign("query-same-name", "GET", URL + "/?p=b&p=a&p=&p=B")
sign("query-no-value", "GET", URL + "/?flag=&other=x")
sign("query-unreserved", "GET", URL + "/?-._~0123456789ABCxyz=-._~0123456789ABCxyz")
sign("query-encoded", "GET", URL + "/?na%20me=va%2Flue%2B%3D%26&x=%E1%88%B4")
sign("path-unreserved", "GET", URL + "/-._~0123456789ABCxyz")
sign("path-encoded", "GET", URL + "/a%20b/%E1%88%B4/c%2Fd")
sign("path-utf8", "GET", URL + "/ሴ")
sign("path-dots", "GET", URL + "/a/./b/../c//d/")
sign("path-up", "GET", URL + "/a/b/../..")
sign("path-many-slashes", "GET", URL + "//a///")
sign("path-reserved", "GET", URL + "/a:b@c!d$e'f(g)h*i+j,k;l=m")
sign("token", "POST", URL + "/", [("Content-Type", "application/x-amz-json-1.1")], b"{}", token=TOKEN)
sign("content-sha256", "POST", URL + "/", [("X-Amz-Content-SHA256", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")], b"{}")
sign("region-eu", "POST", URL + "/", body=b"{}", region="eu-west-3")
sign("binary-body", "POST", URL + "/", [("Content-Type", "application/octet-stream")], bytes(range(256)) * 40)
sign("port", "POST", "http://localhost:5000/", [("Host", "localhost:5000")], b"{}")
sign("ipv6", "POST", "http://[::1]:5000/", [("Host", "[::1]:5000")], b"{}")
STS = "https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15"
sign("presigned", "GET", STS, service="sts", presign=60)
sign("presigned-session-token", "GET", STS, service="sts", presign=900, token=TOKEN)
sign("presigned-signed-header", "GET", STS, [("x-k8s-aws-id", "my  cluster")], service="sts", presign=60)
sign("presigned-week", "GET", STS + "&x=%E1%88%B4+", service="sts", presign=604800)

print(json.dumps(vectors, indent=1, ensure_ascii=False))
