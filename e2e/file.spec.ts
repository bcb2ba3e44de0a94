import { expectAccessible } from './accessibility.ts';
import { drop, FileDialog, FLOWERS } from './file-dialog.ts';
import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

test('a dropped table is shown, trained on and asked for again, and never leaves the page', async ({
  page,
}) => {
  const training = new TrainingPage(page);
  const file = new FileDialog(page);
  await training.openLink('hidden=8&init=he');
  await expect(page.getByRole('button', { name: 'Your data' })).toBeVisible();
  const requests: { url: string; sent: string | null }[] = [];
  page.on('request', (request) => requests.push({ url: request.url(), sent: request.postData() }));
  await drop(page, { name: 'flowers.csv', text: FLOWERS });

  await expect(file.dialog.getByRole('heading')).toHaveText('flowers.csv');
  await expect(file.dialog).toContainText('60 rows, 4 columns. Nothing is uploaded');
  await expect(file.learn('kind')).toHaveAttribute('aria-pressed', 'true');
  await expect(file.learn('kind')).toContainText('text, 3 kinds');
  await expect(file.outcome).toContainText(
    'the 3 classes of “kind” from 4 features, on 59 rows. 1 row is left out',
  );
  await expectAccessible(page, 'dialog');
  // A column less, and the gap filled.
  await file.use('city').uncheck();
  await file.dialog.getByLabel('fill with the mean').check();
  await expect(file.outcome).toContainText('from 2 features, on 60 rows. 1 gap is filled');
  await expect(file.use('city')).not.toBeChecked();
  // A number as the label is learned as a value.
  await file.learn('length').click();
  await expect(file.outcome).toContainText('the value of “length”');
  await file.learn('kind').click();
  await expect(file.use('length')).toBeChecked({ checked: false });
  await file.use('length').check();
  await file.train.click();
  await expect(file.dialog).toHaveCount(0);
  await expect(training.status).toContainText('Finished');
  expect(await training.figure('test accuracy')).toBe(100);
  await expect(page.getByText('flowers.csv, to learn “kind”', { exact: true })).toBeVisible();
  // The reader has ended.
  await training.worker();

  const link = page.url();
  expect(link).toMatch(/&table=flowers\.csv,[0-9a-f]{64},kind,classes,mean,length,width&/);
  await page.reload();
  await expect(file.wanted).toContainText('This link needs flowers.csv');
  await expect(file.wanted).toContainText('“kind”, as classes');
  await expect(training.status).toContainText('The rows are not here');
  await expectAccessible(page);
  await file.chooseWanted({ name: 'flowers.csv', text: FLOWERS.replace('Seoul', 'Daegu') });
  await expect(file.dialog.getByRole('alert')).toContainText('its contents differ');
  await file.dialog.getByRole('button', { name: 'Choose another file' }).click();
  // The file is known by what is in it.
  await file.choose({ name: 'copy of flowers.csv', text: FLOWERS });
  await expect(file.dialog).toHaveCount(0);
  await expect(training.status).toContainText('Untrained');
  await expect(file.wanted).toHaveCount(0);
  expect(page.url()).toBe(link);
  for (const { url, sent } of requests) {
    expect(sent).toBeNull();
    expect(new URL(url).search).toBe('');
  }
});

test('pasted cells are read, errors are told with what to do, and reading can be cancelled', {
  tag: '@all',
}, async ({ page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const training = new TrainingPage(page);
  const file = new FileDialog(page);
  await training.openLink('hidden=8&init=he');
  await expect(page.getByRole('button', { name: 'Your data' })).toBeVisible();
  const cells = FLOWERS.replaceAll(',', '\t');
  await page.evaluate((text) => navigator.clipboard.writeText(text), cells);
  await page.keyboard.press('Control+v');
  await expect(file.dialog.getByRole('heading')).toHaveText('pasted table');
  await expect(file.outcome).toContainText('the 3 classes of “kind”');
  await page.keyboard.press('Escape');
  await expect(file.dialog).toHaveCount(0);

  // The field takes cells as well, also of somebody who types them.
  await file.open();
  await file.dialog.getByRole('textbox').fill('a;b\n1;x\n2;y\n3;x\n4;y');
  await file.dialog.getByRole('button', { name: 'Read it' }).click();
  await expect(file.outcome).toContainText('the 2 classes of “b” from 1 feature, on 4 rows');
  await file.dialog.getByRole('button', { name: 'Choose another file' }).click();

  await file.choose({ name: 'book.xlsx', text: 'PK\x03\x04' });
  const alert = file.dialog.getByRole('alert');
  await expect(alert).toContainText('This is a spreadsheet’s own file');
  await expect(alert).toContainText('Save the sheet as CSV there, or copy its cells');
  await expect(alert).toContainText('The run is as it was.');
  await file.dialog.getByRole('button', { name: 'Choose another file' }).click();
  await file.choose({ name: 'a.csv', text: 'a,b\n1,2\n3,"4' });
  await expect(alert).toContainText('The file cannot be read as a table. It is in line 3');
  await file.dialog.getByRole('button', { name: 'Choose another file' }).click();

  // Fifty megabytes take a moment.
  await page.evaluate((line) => {
    const picker = document.querySelector<HTMLInputElement>('dialog input[type=file]');
    const dropped = new DataTransfer();
    dropped.items.add(new File(['a,b,c\n', line.repeat(2_500_000)], 'large.csv'));
    if (picker) picker.files = dropped.files;
    picker?.dispatchEvent(new Event('change', { bubbles: true }));
  }, '1.25,2.5,3.125,x\n');
  await expect(file.dialog.getByRole('progressbar')).toBeVisible();
  await expect(file.dialog).toContainText(/of 42\.5 MB, [\d,]+ rows/);
  await file.dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(file.dialog.getByRole('button', { name: 'Choose a file' })).toBeVisible();
  // The worker is gone, and the run is as it was.
  await expect.poll(() => page.workers().length).toBe(1);
  await page.keyboard.press('Escape');
  await expect(training.status).toContainText('Untrained');
  expect(await training.figure('accuracy')).toBeGreaterThan(0);
});
