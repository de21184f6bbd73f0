curl -s "$SERVICE/v1/models/dall-e-3" -H "Authorization: Bearer $TOKEN"
