import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { type PreviewServer, preview } from 'vite';
import { findChromium } from '../../scripts/chromium.js';
import { root } from '../../scripts/process.js';
import { install, type Packed, readJson } from './packed.ts';

/**
 * An example as a separate program: outside the repository, with the packed library installed. Its tools
 * come from the repository, so that a test downloads nothing.
 * @param tools the packages that it takes from the repository
 * @returns its folder
 */
export async function copyExample(packed: Packed, name: string, ...tools: string[]): Promise<string> {
  const example = join(root, 'examples', name);
  const project = join(packed.folder, name);
  await cp(example, project, {
    recursive: true,
    filter: (path) => !/[\\/](node_modules|build|dist|package-lock\.json|predict\.js)$/.test(path),
  });
  const { dependencies, devDependencies, ...manifest } = await readJson(example, 'package.json');
  await writeFile(join(project, 'package.json'), JSON.stringify(manifest));
  await install(packed.tarball, project);
  for (const tool of tools) {
    const link = join(project, 'node_modules', tool);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, 'node_modules', tool), link, 'junction');
  }
  return project;
}

/** The built pages of projects, in Chromium. */
export class Sites {
  #browser: Browser | undefined;
  readonly #servers = new Map<string, PreviewServer>();

  /** Opens a page of a project's folder `dist`. @returns the page, what it logs, and its errors */
  async open(project: string, path = ''): Promise<{ page: Page; logs: string[]; faults: string[] }> {
    let server = this.#servers.get(project);
    if (!server) {
      server = await preview({
        root: project,
        configFile: false,
        logLevel: 'warn',
        preview: { host: 'localhost', port: 0 },
      });
      this.#servers.set(project, server);
    }
    this.#browser ??= await chromium.launch({
      executablePath: await findChromium(),
      args: ['--enable-unsafe-webgpu'],
    });
    const page = await this.#browser.newPage();
    const [logs, faults]: string[][] = [[], []];
    page.on('console', (message) => (message.type() === 'error' ? faults : logs).push(message.text()));
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('requestfailed', (request) => faults.push(`no answer from ${request.url()}`));
    const { port } = server.httpServer.address() as AddressInfo;
    await page.goto(`http://localhost:${port}/${path}`);
    return { page, logs, faults };
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    for (const server of this.#servers.values()) await server.close();
  }
}
