curl -s -X DELETE "$SERVICE/images/$IMAGE" -H "Authorization: Bearer $TOKEN"
