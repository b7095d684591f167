"""Who calls the API."""

from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request


class TokenAuthentication(KnoxTokenAuthentication):
    """`Authorization: Token …`; a header that is no token at all is a 401 like any wrong one."""

    def authenticate_credentials(self, token: bytes):
        if not token.isascii() or not token.decode("ascii").isalnum():
            raise AuthenticationFailed()
        return super().authenticate_credentials(token)

    def authenticate_header(self, request: Request) -> str:
        return "Token"
