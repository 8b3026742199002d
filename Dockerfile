FROM debian:trixie-slim AS build
RUN apt-get update -q && apt-get install -q -y --no-install-recommends python3-venv
WORKDIR /src
COPY requirements.lock ./
RUN python3 -m venv /opt/kexie-forms && \
    /opt/kexie-forms/bin/python -m pip install -q --require-hashes -r requirements.lock
COPY . .
RUN /opt/kexie-forms/bin/python -m pip wheel -q --no-deps --no-build-isolation -w /wheels . && \
    /opt/kexie-forms/bin/python -m pip install -q --no-deps --no-index /wheels/*.whl

FROM debian:trixie-slim
COPY deploy/install-system deploy/apt-packages.txt /tmp/deploy/
# A layer keeps whole seconds only: with finer times on the folders, fontconfig would take its cache for stale.
RUN /tmp/deploy/install-system /tmp/deploy/apt-packages.txt && \
    find /usr/share/fonts /usr/local/share/fonts -type d -exec touch -d "@$(date +%s)" {} + && \
    fc-cache -s && \
    rm -rf /tmp/deploy /var/lib/apt/lists/* && \
    useradd --system --create-home kexie
COPY --from=build /opt/kexie-forms /opt/kexie-forms
# The faces that the service brings are in the cache too, else each container would read 15 MB of them first.
RUN /opt/kexie-forms/bin/python -c "from service.conversion.fonts import font_substitutes; print(font_substitutes.configuration())" > /tmp/fonts.conf && \
    FONTCONFIG_FILE=/tmp/fonts.conf fc-cache && \
    rm /tmp/fonts.conf
ENV PATH=/opt/kexie-forms/bin:/usr/local/bin:/usr/bin:/bin
# A container must listen on all its addresses: who reaches it is for `docker run -p` to say, until there is a key.
ENV KEXIE_OPEN=1
USER kexie
WORKDIR /home/kexie
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=8)"]
CMD ["kexie-forms", "serve", "--host", "0.0.0.0", "--port", "8000"]
