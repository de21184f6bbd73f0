curl -s "$SERVICE/images/$IMAGE?size=128" -H "Authorization: Bearer $TOKEN" -o small.png
