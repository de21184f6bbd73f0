curl -s "$SERVICE/images/$IMAGE" -H "Authorization: Bearer $TOKEN" --etag-compare kite.etag -w '%{http_code}\n'
