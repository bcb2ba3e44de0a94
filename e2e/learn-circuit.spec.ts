import { expect, test } from './fixture.ts';

test.use({ reducedMotion: 'reduce' });

test('a point goes through the circuit and its gradients come back, operation by operation', async ({
  page,
}) => {
  await page.goto('/#learn/backpropagation');
  const figure = page.getByRole('figure', { name: 'One point, forward and back' });
  await expect(figure.getByRole('img', { name: /point 81 of class 0/ })).toBeVisible();
  await figure.getByText('The numbers of this figure').click();
  const cells = async (wire: string) =>
    (await figure.getByRole('row', { name: wire, exact: false }).getByRole('cell').allInnerTexts()).map(
      (text) => (text === '–' ? undefined : Number(text.replace('−', '-'))),
    );
  const line = figure.getByRole('status');
  const operation = figure.getByRole('slider', { name: 'operation' });
  await expect(operation).toHaveAttribute('aria-valuetext', '9 of 9');
  const [h, dh] = await cells('H₀[0]');
  const [, ds] = await cells('S₀[0]');
  // The ReLU cuts this unit off, and its gradient.
  expect(h).toBe(0);
  expect(dh).not.toBe(0);
  expect(ds).toBe(0);
  const [, dz] = await cells('Z[2]');
  const [h1] = await cells('H₀[1]');
  const [, dw] = await cells('W₁[1, 2]');
  expect(dw).toBeCloseTo((h1 ?? 0) * (dz ?? 0), 5);

  await figure.getByRole('button', { name: 'Back to the start' }).click();
  await expect(line).toContainText('Nothing is computed yet');
  expect(await cells('Z[2]')).toEqual([undefined, undefined]);
  const next = figure.getByRole('button', { name: 'Next operation' });
  await next.focus();
  await page.keyboard.press('Enter');
  await expect(line).toContainText('ReLU cuts off');
  expect((await cells('H₀[1]'))[0]).toBe(h1);
  expect(await cells('Z[2]')).toEqual([undefined, undefined]);
  await next.click();
  await next.click();
  await expect(line).toContainText('less 1 for the correct class');
  expect((await cells('Z[2]'))[1]).toBe(dz);
  await figure.getByRole('button', { name: 'Back', exact: true }).click();
  await expect(operation).toHaveAttribute('aria-valuetext', '2 of 9');
  expect((await cells('Z[2]'))[1]).toBeUndefined();
  await operation.press('End');
  await expect(next).toBeDisabled();

  await figure.getByRole('slider', { name: 'point' }).fill('171');
  await expect(figure.getByRole('img', { name: /point 171 of class 1/ })).toBeVisible();
  expect((await cells('Z[2]'))[1]).not.toBe(dz);
});
