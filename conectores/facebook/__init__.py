"""Facebook: publicaciones de una página por la Graph API."""

from conectores.facebook.conector import ConectorFacebook

__all__ = ["ConectorFacebook"]
