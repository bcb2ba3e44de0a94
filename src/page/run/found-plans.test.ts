import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PlanCache, storedPlans, storePlan } from './found-plans.ts';

const KEY = 'spiralnet found plans 1';

describe('plans found by earlier visits', () => {
  const stored = new Map<string, string>();
  beforeEach(() => {
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
    });
  });
  afterEach(() => {
    stored.clear();
    vi.unstubAllGlobals();
  });

  it('are kept in the order found, the latest fifty', () => {
    for (let i = 0; i < 60; i++) storePlan(`key ${i}`, `plan ${i}`);
    storePlan('key 15', 'another');
    const plans = storedPlans();
    expect(plans).toHaveLength(50);
    expect(plans[0]).toEqual(['key 10', 'plan 10']);
    expect(plans[49]).toEqual(['key 15', 'another']);
  });

  it.each([
    [
      '',
      '{',
      'null',
      '1',
      '"text"',
      '{"a":"b"}',
      '[[["a","b"]]]',
      '[["a"]]',
      '[["a","b","c"]]',
      '[["a",{}],[null,"b"]]',
    ],
    [
      '[{"0":"a","1":"b","length":2}]',
      '{"__proto__":[["a","b"]]}',
      '\0',
      '\ud800',
      'NaN',
      '['.repeat(100_000),
    ],
  ])('are none if something else is stored: %s, …', (...texts) => {
    for (const text of texts) {
      stored.set(KEY, text);
      expect(storedPlans()).toEqual([]);
    }
  });

  it('may have any names, and are no more than fifty', () => {
    const names = ['__proto__', 'constructor', '<script>', '\u202e'];
    stored.set(KEY, JSON.stringify(names.map((name) => [name, name])));
    expect(storedPlans()).toEqual(names.map((name) => [name, name]));
    const cache = new PlanCache(() => undefined);
    cache.remember(storedPlans());
    expect(cache.get('__proto__')).toBe('__proto__');
    expect(cache.get('toString')).toBeUndefined();
    stored.set(KEY, JSON.stringify(Array.from({ length: 100_000 }, (_, i) => [`${i}`, 'x'])));
    expect(storedPlans()).toHaveLength(50);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('stay no more than fifty while a slider is moved for an hour', () => {
    const told: string[] = [];
    const cache = new PlanCache((key) => told.push(key));
    cache.remember([['before', 'x']]);
    for (let units = 0; units < 36_000; units++) cache.set(`${units} units`, `plan ${units}`);
    const kept = told.filter((key) => cache.get(key) !== undefined);
    expect(kept).toEqual(told.slice(-50));
    expect(cache.get('before')).toBeUndefined();
    // What is used again stays.
    cache.get(kept[0]);
    cache.set('one more', 'x');
    expect(cache.get(kept[0])).toBe('plan 35950');
    expect(cache.get(kept[1])).toBeUndefined();
  });

  it('are none if the browser stores nothing', () => {
    vi.stubGlobal('localStorage', undefined);
    expect(storedPlans()).toEqual([]);
    expect(() => storePlan('a', 'b')).not.toThrow();
  });
});
