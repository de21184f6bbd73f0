curl -s "$SERVICE/v1/images/generations" \
  -H "Authorization: Bearer $TOKEN" \
  -H "Content-Type: application/json" \
  -d '{"prompt": "A red kite over dunes", "model": "dall-e-2", "n": 11}'
