curl -s "$SERVICE/health"
