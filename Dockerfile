# web, worker and release of compose.yml: one image, without a compiler, a package manager of ours, or a secret.

FROM python:3.12-slim-bookworm AS build
COPY bot/launch/uv.txt /build/
RUN python3 -m pip install --no-cache-dir --require-hashes --only-binary :all: --no-deps --target /build/uv -r /build/uv.txt
COPY requirements.txt /build/
RUN /build/uv/bin/uv venv --no-project --no-python-downloads --python /usr/local/bin/python3 /app/.venv \
    && /build/uv/bin/uv pip sync --no-cache --require-hashes --compile-bytecode --python /app/.venv/bin/python /build/requirements.txt

FROM python:3.12-slim-bookworm
# The folders that become volumes: a new volume takes owner and mode of the folder that it covers.
RUN groupadd --gid 10001 puente && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent puente \
    && install -d -o 10001 -g 10001 -m 700 /data /keystore /backups
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY directory directory
COPY flows flows
COPY locales locales
COPY nlu nlu
COPY bot bot
COPY webhook.py ./
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/data
# Whoever cloned with a strict umask has files that only root could read here.
RUN chmod -R a+rX bot directory flows locales nlu webhook.py && python -m compileall -q bot webhook.py
USER 10001:10001
CMD ["gunicorn", "--config", "bot/gunicorn.py", "webhook:app"]
