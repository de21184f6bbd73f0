curl -s "$SERVICE/generate" \
  -H "Authorization: Bearer $TOKEN" \
  -H "Content-Type: application/json" \
  -d '{"prompt": "A red kite over dunes"}'
