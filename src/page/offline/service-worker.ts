/*
 * Keeps a whole build of the page, so that it opens without a network.
 *
 * Online, the page itself comes from the network, so that a visitor has the newest build. Its other
 * files have the hash of their contents in their names. They may come from any build's cache, and
 * parts of two builds are never mixed. A new build waits until the last page of the old one is
 * closed, and only then deletes the old cache.
 *
 * Every answer has the headers that isolate the page from other sites, which a host of static files
 * does not send: without them there are no threads with shared memory. They count from the second
 * visit on.
 */

// TypeScript's `lib` has a worker's names or a page's, never both in one program.
interface WaitingEvent extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface FetchEvent extends Event {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
declare const clients: { claim(): Promise<void> };

/**
 * scripts/page-build.js writes these in front of this script: a hash of the script and its files.
 */
declare const VERSION: string;
/** The files of the build, by path, with a hash where the name has none. */
declare const FILES: Record<string, string>;

const FOLDER = new URL('./', location.href).href;
/** Pages in other folders of the same site have their own caches. */
const OWN = `spiralnet ${FOLDER} `;
const CACHE = OWN + VERSION;

addEventListener('install', (event) => (event as WaitingEvent).waitUntil(keep()));
addEventListener('activate', (event) =>
  // A page that was opened before the first installation can lose its network, too.
  (event as WaitingEvent).waitUntil(Promise.all([clients.claim(), removeOthers()])),
);
addEventListener('fetch', (event) => answer(event as FetchEvent));

function answer(event: FetchEvent): void {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(FOLDER)) return;
  if (request.mode !== 'navigate') event.respondWith(fileFor(request).then(isolated));
  else if (isPage(request.url)) event.respondWith(pageFor(request).then(isolated));
}

/** Requests for other addresses go to the server as if there were no service worker. */
function isPage(url: string): boolean {
  const { origin, pathname } = new URL(url);
  return [FOLDER, `${FOLDER}index.html`].includes(origin + pathname);
}

async function pageFor(request: Request): Promise<Response> {
  try {
    // The browser's own cache may have an old page, with files that the server has no more.
    return await fetch(request, { cache: 'no-cache' });
  } catch (error) {
    const page = await kept(FOLDER);
    if (page) return page;
    throw error;
  }
}

async function fileFor(request: Request): Promise<Response> {
  return (await kept(request)) ?? fetch(request);
}

/** The headers of isolation: https://web.dev/articles/coop-coep. */
const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

function isolated(response: Response): Response {
  const { body, status, statusText } = response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ISOLATION)) headers.set(name, value);
  return new Response(body, { status, statusText, headers });
}

async function kept(request: Request | string): Promise<Response | undefined> {
  for (const cacheName of await ownCaches()) {
    const file = await caches.match(request, { cacheName, ignoreVary: true });
    if (file) return file;
  }
  return undefined;
}

/**
 * Keeps all files or none. If a file is missing or belongs to another build, a later visit tries
 * again.
 */
async function keep(): Promise<void> {
  const requests = Object.entries(FILES).map(
    ([path, integrity]) => new Request(path, integrity ? { integrity, cache: 'reload' } : {}),
  );
  try {
    await (await caches.open(CACHE)).addAll(requests);
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function removeOthers(): Promise<void> {
  const names = await ownCaches();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}

/** Newest first. */
async function ownCaches(): Promise<string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(OWN)).reverse();
}

export {};
