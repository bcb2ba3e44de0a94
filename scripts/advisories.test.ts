import { expect, test } from 'vitest';
import { ACCEPTED, judge, readAudit } from './advisories.js';

const glob = { name: 'glob-er', title: 'Slow patterns', severity: 'high', range: '<=4.0.7' };
const REPORT = JSON.stringify({
  auditReportVersion: 2,
  vulnerabilities: {
    'glob-er': {
      name: 'glob-er',
      via: [{ source: 1, ...glob, url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc' }],
    },
    bundler: { name: 'bundler', via: ['glob-er'] },
    server: {
      name: 'server',
      via: [
        'glob-er',
        { ...glob, name: 'server', url: 'https://github.com/advisories/GHSA-dddd-eeee-ffff' },
        { ...glob, name: 'server', url: 'https://github.com/advisories/GHSA-dddd-eeee-ffff' },
      ],
    },
  },
});

test('an audit is read as its advisories, each once', () => {
  const found = readAudit(REPORT);
  expect(found.map(({ name, id }) => [name, id])).toEqual([
    ['glob-er', 'GHSA-aaaa-bbbb-cccc'],
    ['server', 'GHSA-dddd-eeee-ffff'],
  ]);
  expect(found[0]).toMatchObject(glob);
  expect(readAudit('{"auditReportVersion":2,"vulnerabilities":{}}')).toEqual([]);
});

test.each([
  ['', /expected JSON, but got nothing/],
  ['npm error network', /expected JSON, but got npm error network/],
  ['{"message":"405 Method Not Allowed"}', /expected an audit report of version 2, but got 405/],
  ['{"auditReportVersion":3,"vulnerabilities":{}}', /expected an audit report of version 2/],
])('no answer is not taken for a good one: %j', (output, message) => {
  expect(() => readAudit(output)).toThrow(message);
});

test('only what is accepted by package and number is let through, and nothing in vain', () => {
  const found = readAudit(REPORT);
  const accepted = { name: 'glob-er', id: 'GHSA-aaaa-bbbb-cccc', reason: 'only our own patterns' };
  expect(judge(found, [accepted])).toEqual({ refused: [found[1]], outdated: [] });
  const other = { ...accepted, name: 'server' };
  expect(judge(found, [other])).toEqual({ refused: found, outdated: [other] });
});

test('what is accepted has a number and a reason', () => {
  for (const { id, name, reason } of ACCEPTED) {
    expect(id, name).toMatch(/^GHSA(-[0-9a-z]{4}){3}$/);
    expect(reason.length, id).toBeGreaterThan(20);
  }
});
