"""The bare app, the peer: what Flask, gunicorn and Redis alone take for a message that is not looked at."""
