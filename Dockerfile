# Images from one file: `service` holds the key and talks to the image API, `dashboard` is the studio in a browser, and
# `door` hands a port of this machine on to a container that is reached in no other way (see compose.yaml). None holds a
# secret, a compiler or a package installer; all run as nobody in particular over a read-only root.
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS build
RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*
COPY requirements.txt .
# The pins are the only constraints, whatever the machine that builds is set up with.
RUN python -m venv --without-pip /opt/studio \
 && PIP_CONSTRAINT=requirements.txt python -m pip --python /opt/studio/bin/python install --no-cache-dir --no-compile -r requirements.txt
COPY . /opt/app
RUN /opt/studio/bin/python -m compileall -q -j 0 /opt/studio/lib /opt/app \
 && mkdir /data && chown 10001:10001 /data && chmod 700 /data

FROM ${BASE_IMAGE} AS base
RUN python -m pip uninstall -y --root-user-action=ignore pip && rm -rf /root/.cache
COPY --from=build /usr/bin/tini /usr/bin/tini
COPY --from=build /opt /opt
COPY --from=build --chown=10001:10001 /data /data
ENV PATH=/opt/studio/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HOME=/tmp AVATAR_DATA_DIR=/data
WORKDIR /opt/app
VOLUME /data
USER 10001:10001
ENTRYPOINT ["/usr/bin/tini", "--"]

FROM base AS service
# Until there are access tokens it listens within the container alone: strangers could spend the key. See compose.yaml.
ENV HOST=127.0.0.1 PORT=5000
EXPOSE 5000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:5000/health', timeout=4)"]
CMD ["python", "-m", "image_service"]

FROM base AS dashboard
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["python", "-m", "streamlit", "run", "app.py", "--server.address", "0.0.0.0", "--server.port", "8501"]

FROM ${BASE_IMAGE} AS door
RUN apt-get update && apt-get install -y --no-install-recommends socat tini && rm -rf /var/lib/apt/lists/* \
 && python -m pip uninstall -y --root-user-action=ignore pip && rm -rf /root/.cache
USER 10001:10001
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
ENTRYPOINT ["/usr/bin/tini", "--", "socat"]
CMD ["TCP-LISTEN:8501,fork,reuseaddr", "TCP:dashboard:8501"]
