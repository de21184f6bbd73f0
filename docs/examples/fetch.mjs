// Order a picture and save it. Node 18 or newer, no package.
import { writeFile } from "node:fs/promises";

const { SERVICE, TOKEN } = process.env;
const headers = { Authorization: `Bearer ${TOKEN}`, "Content-Type": "application/json" };

const answer = await fetch(`${SERVICE}/generate`, {
  method: "POST",
  headers: { ...headers, "Idempotency-Key": "kite-of-fetch-mjs", Prefer: "respond-async" },
  body: JSON.stringify({ prompt: "A red kite over dunes", model: "dall-e-2", size: "512x512" }),
});
let job = await answer.json();
if (!answer.ok) throw new Error(`${job.code}: ${job.error}`);

while (job.status === "running") {
  await new Promise((resolve) => setTimeout(resolve, 500));
  job = await (await fetch(`${SERVICE}/jobs/${job.job_id}`, { headers })).json();
}
if (job.status === "failed") throw new Error(`${job.code}: ${job.error}`);

for (const image of job.images) {
  const picture = await fetch(`${SERVICE}${image.url}`, { headers });
  await writeFile("fetch.png", Buffer.from(await picture.arrayBuffer()));
  console.log(image.id, image.size, image.served_by);
}
