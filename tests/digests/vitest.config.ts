import { defineConfig } from 'vitest/config';
import root from '../../vitest.config.ts';

const { projects: _, ...test } = root.test ?? {};

export default defineConfig({ ...root, test: { ...test, include: ['tests/digests/*.spec.ts'] } });
