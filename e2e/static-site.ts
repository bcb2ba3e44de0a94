import { readFile, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.map': 'application/json',
};

/**
 * A host of static files like GitHub Pages: the page in a folder of the site, a redirection to the
 * final slash, ten minutes in browsers' caches, and 404 for all other paths.
 */
export class StaticSite {
  /** Path of the page, which ends in a slash. */
  readonly path: string;
  /** The answers so far, as `200 /path`. */
  readonly answers: string[] = [];
  /** The folder of the built page. */
  folder: string;
  /** More headers of every file. */
  readonly headers: Record<string, string> = {};
  /** Pages by their path, beside the files. */
  readonly pages: Record<string, string> = {};
  #server: Server | undefined;
  #port = 0;

  constructor(folder: string, path: string) {
    this.folder = folder;
    this.path = path;
  }

  get url(): string {
    return `http://localhost:${this.#port}${this.path}`;
  }

  /** Starts the server, or starts it again at the same address. */
  async start(): Promise<void> {
    const server = createServer(async ({ url = '/' }, response) => {
      const path = decodeURIComponent(url.split('?')[0]);
      const send = (status: number, headers: Record<string, string> = {}, body: string | Buffer = '') => {
        this.answers.push(`${status} ${path}`);
        response.writeHead(status, headers).end(body);
      };
      const own = this.pages[path];
      if (own !== undefined) return send(200, { 'content-type': 'text/html' }, own);
      if (`${path}/` === this.path) return send(301, { location: this.path });
      const file = path.startsWith(this.path) && (await this.#file(path.slice(this.path.length)));
      if (!file) return send(404);
      const type = TYPES[extname(file)] ?? 'application/octet-stream';
      return send(
        200,
        { 'content-type': type, 'cache-control': 'max-age=600', ...this.headers },
        await readFile(file),
      );
    });
    await new Promise<void>((resolve) => server.listen(this.#port, 'localhost', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Stops the server and drops all connections. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  async #file(name: string): Promise<string | undefined> {
    const path = join(this.folder, normalize(`/${name === '' ? 'index.html' : name}`));
    const found = await stat(path).catch(() => undefined);
    return found?.isFile() ? path : undefined;
  }
}
