curl -s "$SERVICE/images/$IMAGE" -H "Authorization: Bearer $TOKEN" --etag-save kite.etag -o kite.png
