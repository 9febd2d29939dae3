"""``twilio setup``: what stands at Twilio is compared with what Puente needs, and what has an API can be set."""
