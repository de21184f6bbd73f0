curl -s "$SERVICE/jobs/$JOB" -H "Authorization: Bearer $TOKEN"
