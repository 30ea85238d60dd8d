// Serves the demo docket's photos as the fake backend's pictures, parts and pages of them too; only
// where there is no program. Parts are cut by a vector drawing around the photo.
import { existsSync, readFileSync } from "node:fs";
import { fakePictures } from "./src/backend/fake/pictures.ts";

interface Answer {
  statusCode: number;
  setHeader: (name: string, value: string) => void;
  end: (body?: Uint8Array | string) => void;
}
interface Server {
  middlewares: { use: (path: string, handle: (request: { url?: string }, response: Answer) => void) => void };
}

const cases = new URL("../demo/cases/", import.meta.url);
const svg = (width: number, height: number, view: string, inside: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${view}">${inside}</svg>`;

/** A page of a document: lines of writing, and its number. */
function page(n: number): string {
  const lines = Array.from({ length: 34 }, (_, i) => {
    const width = i % 7 === 6 ? 420 : 1000 + ((i * 131) % 97);
    return `<rect x="170" y="${330 + i * 46}" width="${width}" height="14" fill="#4a4f57"/>`;
  });
  const head = `<text x="170" y="230" font-size="58" font-family="sans-serif" fill="#1f2328">Care label test, page ${n + 1}</text>`;
  return svg(
    1448,
    2048,
    "0 0 1448 2048",
    `<rect width="1448" height="2048" fill="#fff"/>${head}${lines.join("")}`,
  );
}

export function servePictures(server: Server): void {
  server.middlewares.use("/fake-pictures", (request, response) => {
    const [, , evidence, index, rendition, ...rest] = decodeURIComponent(request.url ?? "").split("/");
    const answer = (type: string, body: Uint8Array | string) => {
      response.setHeader("content-type", type);
      response.end(body);
    };
    if (rendition === "page") return answer("image/svg+xml", page(Number(rest[0])));
    const picture = fakePictures[`${evidence}/${index}`];
    const path = picture && new URL(picture.file, cases);
    if (!path || !existsSync(path)) {
      response.statusCode = 404;
      return response.end();
    }
    const type = path.pathname.endsWith("png") ? "image/png" : "image/jpeg";
    const bytes = readFileSync(path);
    if (rendition !== "region") return answer(type, bytes);
    const [halvings, x, y, width, height] = rest.map(Number) as [number, number, number, number, number];
    const href = `data:${type};base64,${bytes.toString("base64")}`;
    const image = `<image width="${picture.width}" height="${picture.height}" href="${href}"/>`;
    const part = svg(width >> halvings, height >> halvings, `${x} ${y} ${width} ${height}`, image);
    return answer("image/svg+xml", part);
  });
}
