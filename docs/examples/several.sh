curl -s "$SERVICE/generate" \
  -H "Authorization: Bearer $TOKEN" \
  -H "Content-Type: application/json" \
  -d '{"prompt": "A red kite over dunes", "model": "dall-e-2", "size": "256x256", "count": 2}'
