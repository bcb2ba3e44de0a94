import { defineConfig } from 'vitest/config';
import root from '../../vitest.config.ts';

export default defineConfig({
  ...root,
  test: { ...root.test, projects: undefined, include: ['tests/digests/*.spec.ts'] },
});
