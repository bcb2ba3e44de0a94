import type { TuningOptions } from '../../index.ts';
import { recall, remember } from '../settings/storage.ts';

/**
 * Which way to train was fastest, as the tuner's JSON, by what it depends on, in the order found.
 */
export type FoundPlans = [key: string, choice: string][];

/** Where the browser keeps them from one visit to the next; the number is that of the format. */
const STORAGE_KEY = 'spiralnet found plans 1';
/**
 * So many are kept, the latest ones: adapters change their names with every version of a browser or
 * driver.
 */
const MOST = 50;

/**
 * What earlier visits found; nothing where the browser keeps nothing, or something else is stored
 * there.
 */
export function storedPlans(): FoundPlans {
  try {
    const stored: unknown = JSON.parse(recall(STORAGE_KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isEntry).slice(-MOST) : [];
  } catch {
    return [];
  }
}

export function storePlan(key: string, choice: string): void {
  const others = storedPlans().filter(([other]) => other !== key);
  remember(STORAGE_KEY, JSON.stringify([...others, [key, choice]].slice(-MOST)));
}

function isEntry(entry: unknown): entry is FoundPlans[number] {
  return Array.isArray(entry) && entry.length === 2 && entry.every((part) => typeof part === 'string');
}

/**
 * The tuner's cache in a worker, which has no storage of its own: it tells what it finds to the
 * page.
 */
export class PlanCache implements NonNullable<TuningOptions['cache']> {
  readonly #found = new Map<string, string>();
  readonly #tell: (key: string, choice: string) => void;

  constructor(tell: (key: string, choice: string) => void) {
    this.#tell = tell;
  }

  remember(found: FoundPlans): void {
    for (const [key, choice] of found) this.#found.set(key, choice);
  }

  get(key: string): string | undefined {
    return this.#found.get(key);
  }

  set(key: string, choice: string): Map<string, string> {
    this.#tell(key, choice);
    return this.#found.set(key, choice);
  }
}
