curl -s "$SERVICE/generate" \
  -H "Authorization: Bearer $TOKEN" \
  -H "Content-Type: application/json" \
  -H "Prefer: respond-async" \
  -d '{"prompt": "A red kite over dunes", "model": "dall-e-2", "size": "512x512"}'
