import { createHash } from 'node:crypto';
import { expectAccessible } from './accessibility.ts';
import { drop, FileDialog, FLOWERS } from './file-dialog.ts';
import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

const HASH = createHash('sha256').update(FLOWERS).digest('hex');
const LINK = `data=table&table=flowers.csv,${HASH},kind,classes,drop&hidden=8&init=he&rate=0.1`;
const flowers = { name: 'flowers.csv', text: FLOWERS };

/** An IDX file of bytes. */
function idx(shape: number[], bytes: number[]): number[] {
  const lengths = shape.flatMap((length) => [24, 16, 8, 0].map((shift) => (length >>> shift) & 255));
  return [0, 0, 8, shape.length, ...lengths, ...bytes];
}

test.describe('in Korean on a phone, in the dark', () => {
  test.use({ locale: 'ko-KR', colorScheme: 'dark', viewport: { width: 375, height: 667 } });

  test('images and their labels are dropped together @all', async ({ page }) => {
    const training = new TrainingPage(page);
    await training.openLink('hidden=8&init=he');
    await expect(page.getByRole('button', { name: '내 데이터' })).toBeVisible();
    const count = 40;
    // A bright row, or a bright column.
    const pixels = Array.from({ length: count * 25 }, (_, i) => {
      const [image, row, column] = [Math.floor(i / 25), Math.floor((i % 25) / 5), i % 5];
      return (image % 2 === 0 ? row : column) === Math.floor(image / 2) % 5 ? 255 : 0;
    });
    const labels = Array.from({ length: count }, (_, i) => i % 2);
    await drop(
      page,
      { name: 'train-labels-idx1-ubyte', text: idx([count], labels) },
      { name: 'train-images-idx3-ubyte', text: idx([count, 5, 5], pixels) },
    );
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('5 × 5픽셀 이미지 40장');
    await expect(dialog.getByRole('img', { name: '1' })).toHaveCount(8);
    await expect(dialog.getByRole('status')).toContainText('특성 25개, 40행');
    await expectAccessible(page, 'dialog');
    expect(await training.overflow()).toBe(0);
    await dialog.getByRole('button', { name: '이것으로 학습' }).click();
    const status = page.locator('.bar').getByRole('status');
    await expect(status).toContainText('끝났습니다');
    await page.reload();
    await expect(new FileDialog(page).wanted).toBeVisible();
    await expectAccessible(page);
  });

  test('a table is shown, and errors are told @all', async ({ page }) => {
    const training = new TrainingPage(page);
    await training.openLink('hidden=8&init=he');
    await expect(page.getByRole('button', { name: '내 데이터' })).toBeVisible();
    await drop(page, { name: 'a.csv', text: `${FLOWERS}\n1,2,3,4,5\n` });
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('레코드 1개를 건너뛰었습니다');
    await expect(dialog).toContainText('62번째 줄');
    await expectAccessible(page, 'dialog');
    expect(await training.overflow()).toBe(0);
    await drop(page, { name: 'a.xlsx', text: 'PK\x03\x04' });
    await expect(dialog.getByRole('alert')).toContainText('CSV로 저장하거나');
    await expectAccessible(page, 'dialog');
  });
});

test('the keyboard alone is enough @all', async ({ page }) => {
  const training = new TrainingPage(page);
  const file = new FileDialog(page);
  await training.openLink('hidden=8&init=he');
  await page.getByRole('button', { name: 'Your data' }).press('Enter');
  await expect(file.dialog.getByRole('heading')).toBeFocused();
  // Close, the file, the field.
  for (let i = 0; i < 3; i++) await page.keyboard.press('Tab');
  await expect(file.dialog.getByRole('textbox')).toBeFocused();
  // Single keys are text here.
  await page.keyboard.insertText('t,r\n1,x\n2,y\n3,x\n4,y');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(file.dialog.getByRole('heading')).toBeFocused();
  await file.learn('t').press('Space');
  await expect(file.learn('t')).toHaveAttribute('aria-pressed', 'true');
  await file.learn('r').press('Enter');
  await file.train.press('Enter');
  await expect(file.dialog).toHaveCount(0);
  await expect(training.status).toContainText('Finished');
});

test('a link with a step trains to it when its file is there; another file may be used @all', async ({
  page,
}) => {
  const training = new TrainingPage(page);
  const file = new FileDialog(page);
  await training.openLink(`${LINK}&at=120`);
  await file.chooseWanted(flowers);
  await expect(training.status).toContainText('Paused at step 120');
  const loss = await training.figure('loss');

  await page.goto('about:blank');
  await training.openLink(LINK);
  await file.chooseWanted({ name: 'others.csv', text: FLOWERS.replaceAll('iris', 'tulip') });
  await expect(file.dialog.getByRole('alert')).toContainText('others.csv is not flowers.csv');
  await file.dialog.getByRole('button', { name: 'Use it anyway' }).click();
  await expect(file.outcome).toContainText('the 3 classes of “kind”');
  await file.train.click();
  await expect(training.status).toContainText('Training');
  expect(page.url()).toContain('table=others.csv,');
  // The settings are those of the link.
  expect(page.url()).toContain('rate=0.1');
  await training.pause.click();

  // The columns can be chosen once more, without the file.
  await file.open();
  await file.dialog.getByRole('button', { name: 'Other columns of others.csv' }).click();
  await file.use('city').uncheck();
  await expect(file.outcome).toContainText('from 2 features');
  await file.train.click();
  await expect(training.status).toContainText('Training');
  expect(page.url()).toMatch(/kind,classes,drop,length,width&/);
  expect(loss).toBeLessThan(1);
});

test('one column stays, text is no value, and the file of a link is used at once after another one @all', async ({
  page,
}) => {
  const training = new TrainingPage(page);
  const file = new FileDialog(page);
  await training.openLink(LINK);
  await expect(page.getByRole('button', { name: 'Your data' })).toBeVisible();
  await drop(page, { name: 'other.csv', text: 'a,b\n1,2.5\n2,4\n4,6.25\n5,8' });
  await file.dialog.getByRole('button', { name: 'Use it anyway' }).click();
  await expect(file.outcome).toContainText('the value of “b”');
  await expect(file.use('a')).toBeChecked();
  await expect(file.use('a')).toBeDisabled();
  await drop(page, flowers);
  await expect(file.dialog).toHaveCount(0);
  await expect(training.status).toContainText('Untrained');

  await drop(page, flowers);
  await expect(file.outcome).toContainText('the 3 classes of “kind”');
  await expect(file.use('city')).toBeEnabled();
  await file.dialog.getByRole('radio', { name: 'values' }).check();
  await expect(file.dialog.getByRole('alert')).toContainText('or learn classes in the place of values');
});

test('without a secure connection the file is known by its name, which is told @all', async ({ page }) => {
  await page.route('**/reader-worker*.js', async (route) => {
    const response = await route.fetch();
    const insecure = "Object.defineProperty(crypto, 'subtle', { value: undefined });";
    await route.fulfill({ response, body: `${insecure}\n${await response.text()}` });
  });
  const training = new TrainingPage(page);
  const file = new FileDialog(page);
  await training.openLink('hidden=8&init=he');
  await expect(page.getByRole('button', { name: 'Your data' })).toBeVisible();
  await drop(page, flowers);
  await expect(file.dialog).toContainText('cannot be checked without a secure connection');
  await file.train.click();
  await expect(training.status).toContainText('Finished');
  expect(page.url()).toContain('table=flowers.csv,,kind,');
  await page.reload();
  await file.chooseWanted(flowers);
  await expect(training.status).toContainText('Untrained');
});

test('a file is dropped on other views, too @all', async ({ page }) => {
  const training = new TrainingPage(page);
  const file = new FileDialog(page);
  await page.goto('/#inside?v=1&hidden=8&init=he');
  await expect(page.locator('.step-controls')).toBeVisible();
  await drop(page, flowers);
  await file.train.click();
  await expect(training.status).toContainText('Finished');
  expect(page.url()).toContain('#train?');
});

test('a million rows are read, counted and handed over @all', async ({ page }) => {
  const training = new TrainingPage(page);
  const file = new FileDialog(page);
  await training.openLink('hidden=8&init=he');
  await file.open();
  await file.dialog.getByRole('button', { name: 'Choose a file' }).waitFor();
  await page.evaluate(() => {
    const picker = document.querySelector<HTMLInputElement>('dialog input[type=file]');
    const lines = Array.from({ length: 1000 }, (_, i) => {
      const cells = Array.from({ length: 20 }, (_, k) => ((i * (k + 3)) % 1009) / 100 + 1000);
      return `${cells.join()},${i % 3}`;
    });
    const dropped = new DataTransfer();
    dropped.items.add(new File([`${cells()}\n`, ...Array(1000).fill(`${lines.join('\n')}\n`)], 'large.csv'));
    if (picker) picker.files = dropped.files;
    picker?.dispatchEvent(new Event('change', { bubbles: true }));
    function cells() {
      return [...Array.from({ length: 20 }, (_, k) => `x${k}`), 'label'].join();
    }
  });
  await expect(file.dialog).toContainText(/about \d+ s left/);
  await expect(file.outcome).toContainText('the 3 classes of “label” from 20 features, on 1,000,000 rows');
  await file.train.click();
  await expect(file.dialog.getByRole('status')).toContainText('Handing the rows over');
  await expect(training.status).toContainText('Training to step', { timeout: 200_000 });
  const about = page.getByRole('region', { name: 'This run' });
  await expect(about).toContainText('800,000');
  // The rows are divided once more, and the run begins again with them.
  await training.pause.click();
  await expect(training.status).toContainText('Paused');
  await training.enter('Test share', '0.5');
  await expect(about).toContainText('500,000');
  await expect(training.status).toContainText('Untrained', { timeout: 200_000 });
});
