"""How callers prove who they are, for the OpenAPI document. Imported by `config.api_urls`."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class ClientToken(OpenApiAuthenticationExtension):
    target_class = "accounts.api.authentication.ClientTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token <token>`, for systems: `manage.py create_api_client`.",
        }
