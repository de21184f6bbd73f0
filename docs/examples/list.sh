curl -s "$SERVICE/images?limit=1" -H "Authorization: Bearer $TOKEN"
