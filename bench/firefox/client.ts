import { WORKS } from './works.ts';

/**
 * Does the work that the benchmark's server hands out, until it hands out none. Each message to the
 * server has an outcome, the first message the names of all work; the answer is the next work.
 * @param address of the server
 * @param name of the runtime
 */
export async function serve(address: string, name: string): Promise<void> {
  let message: object = { works: Object.keys(WORKS) };
  for (;;) {
    const answer = await fetch(`${address}/${name}`, { method: 'POST', body: JSON.stringify(message) });
    const work = await answer.text();
    if (work === '') return;
    try {
      message = await WORKS[work]();
    } catch (error) {
      message = { failure: String(error) };
    }
  }
}
