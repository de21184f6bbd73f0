for attempt in 1 2; do
  curl -s "$SERVICE/generate" \
    -H "Authorization: Bearer $TOKEN" \
    -H "Content-Type: application/json" \
    -H "Idempotency-Key: kite-of-monday" \
    -d '{"prompt": "A red kite over dunes", "size": "1792x1024", "quality": "hd", "style": "natural"}'
  echo
done
