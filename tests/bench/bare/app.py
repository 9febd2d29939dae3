"""A Flask app that reads the form, calls two Lua scripts and returns a fixed answer: the limit of this stack.

No signature, no understanding, no words. It runs under bot/gunicorn.py, on the same Redis (``BARE_REDIS``).
"""

import os

from flask import Flask, Response, request
from redis import Redis

BEGIN = """
local session = redis.call('GET', KEYS[1])
redis.call('SET', KEYS[2], ARGV[1], 'PX', 6000, 'NX')
return session
"""
FINISH = """
redis.call('SET', KEYS[1], ARGV[1], 'EX', 3600)
redis.call('DEL', KEYS[2])
return 1
"""
# As long as an answer with its menu.
ANSWER = b'<?xml version="1.0" encoding="UTF-8"?><Response><Message>%s</Message></Response>' % (
    b"No abra la puerta. " * 18
)

app = Flask(__name__)
redis = Redis.from_url(os.environ["BARE_REDIS"])
begin, finish = redis.register_script(BEGIN), redis.register_script(FINISH)


@app.post("/messages")
def messages() -> Response:
    """The two calls, and always the same."""
    form = request.form
    keys = [f"bare:session:{form['From']}", f"bare:lock:{form['From']}"]
    session = begin(keys, [form["MessageSid"]])
    finish(keys, [session or form["Body"]])
    return Response(ANSWER, content_type="text/xml; charset=utf-8")


@app.get("/healthz")
def healthz() -> Response:
    """This process lives."""
    return Response("ok\n", content_type="text/plain")
