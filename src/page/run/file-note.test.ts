import fc from 'fast-check';
import { expect } from 'vitest';
import { property } from '../../../tests/helpers/property.ts';
import { exportModel, importModel } from '../../models/index.ts';
import { noteIn, withNote } from './file-note.ts';

property(
  'a note is read back, and the library reads the same model beside it',
  fc.record({
    text: fc.string({ unit: 'grapheme', maxLength: 30 }),
    classes: fc.integer({ min: 2, max: 9 }),
  }),
  [{ text: '', classes: 2 }],
  async ({ text, classes }) => {
    const parameters = [{ weights: new Float32Array(classes).fill(0.1), biases: new Float32Array(classes) }];
    const sizes = [1, classes];
    const facts = { sizes, activations: [], loss: 'hinge', precision: 'single' } as const;
    const file = await exportModel({ ...facts, activations: [], parameters }, 'safetensors');
    expect(noteIn(file, 'page')).toBeUndefined();
    const noted = withNote(file, 'page', text);
    expect(noteIn(noted, 'page')).toBe(text);
    expect(noted.length % 4).toBe(0);
    expect(new DataView(noted.buffer).getUint32(0, true) % 8).toBe(0);
    expect(await importModel(noted)).toEqual(await importModel(file));
    expect(noteIn(withNote(noted, 'page', 'another'), 'page')).toBe('another');
  },
);
