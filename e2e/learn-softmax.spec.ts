import { expect, test } from './fixture.ts';

test.use({ reducedMotion: 'reduce' });

test('scores become probabilities and a loss, which begins at ln 3', async ({ page }) => {
  await page.goto('/#learn/loss');
  const figure = page.getByRole('figure', { name: 'From scores to a loss' });
  await expect(figure).toContainText('−ln 0.333 = 1.098612');
  await figure.getByText('The numbers of this figure').click();
  const row = (label: number) => figure.getByRole('row', { name: `class ${label}` }).getByRole('cell');
  await figure.getByRole('slider', { name: 'score 0' }).fill('2');
  await figure.getByRole('slider', { name: 'score 1' }).focus();
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowLeft');
  const powers = [2, -1, 0].map(Math.exp);
  const sum = powers.reduce((a, b) => a + b);
  for (const [label, power] of powers.entries()) {
    await expect(row(label)).toHaveText([
      [2, -1, 0][label].toFixed(2).replace('-', '−'),
      power.toFixed(3),
      (power / sum).toFixed(6),
      (power / sum - (label === 1 ? 1 : 0)).toFixed(6).replace('-', '−'),
    ]);
  }
  await expect(figure).toContainText(`= ${(-Math.log(powers[1] / sum)).toFixed(6)}`);
  await figure.getByRole('radio', { name: 'class 0' }).check();
  await expect(figure).toContainText(`= ${(-Math.log(powers[0] / sum)).toFixed(6)}`);
  await expect(figure.getByRole('img', { name: /^The loss falls/ })).toHaveAccessibleName(
    new RegExp((-Math.log(powers[0] / sum)).toFixed(6)),
  );
  await figure.getByRole('button', { name: 'Back to the start' }).click();
  await expect(figure).toContainText('−ln 0.333 = 1.098612');
  await expect(figure.getByRole('radio', { name: 'class 1' })).toBeChecked();
});
