import type { TuningOptions } from '../../index.ts';
import { recall, remember } from '../settings/storage.ts';

/** The fastest plans, as the tuner's JSON, by the tuner's key, oldest first. */
export type FoundPlans = [key: string, choice: string][];

/** The key in the browser's storage. Its number is the format's version. */
const STORAGE_KEY = 'spiralnet found plans 1';
/**
 * The most plans that are kept. Old ones are useless: adapters change their names with every
 * version of a browser or driver.
 */
const MOST = 50;

/** The plans that earlier visits found; none if the browser stores nothing or something else. */
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
 * The tuner's cache in a worker, which keeps the plans that were used last. A worker has no
 * storage, so that new plans are posted to the page.
 */
export class PlanCache implements NonNullable<TuningOptions['cache']> {
  readonly #found = new Map<string, string>();
  readonly #tell: (key: string, choice: string) => void;

  constructor(tell: (key: string, choice: string) => void) {
    this.#tell = tell;
  }

  remember(found: FoundPlans): void {
    for (const [key, choice] of found) this.#keep(key, choice);
  }

  get(key: string): string | undefined {
    const choice = this.#found.get(key);
    if (choice !== undefined) this.#keep(key, choice);
    return choice;
  }

  set(key: string, choice: string): Map<string, string> {
    this.#tell(key, choice);
    this.#keep(key, choice);
    return this.#found;
  }

  /** Keeps a choice as the newest one. */
  #keep(key: string, choice: string): void {
    this.#found.delete(key);
    this.#found.set(key, choice);
    const [oldest] = this.#found.keys();
    if (this.#found.size > MOST) this.#found.delete(oldest);
  }
}
