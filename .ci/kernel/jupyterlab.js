// What an author does in JupyterLab, in a real browser. Arguments: URL of the SCD2 notebook, folder for
// pictures. Ends with 1 and says why when something is not as it should be.
const path = require('node:path');
const { chromium } = require(path.join(process.env.NODE_PATH, 'playwright-core'));

const [url, pictures] = process.argv.slice(2);
const PATIENCE = 150000;

async function main() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(PATIENCE);
  const step = (text) => console.log(text);
  const lastCell = () => page.locator('.jp-CodeCell').last();
  const write = async (text) => {
    await lastCell().locator('.cm-content').click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(text);
  };
  const written = (text) =>
    page.waitForFunction((wanted) => document.body.innerText.includes(wanted), text);

  await page.goto(url, { waitUntil: 'domcontentloaded' });
  await page.waitForSelector('.jp-Notebook .jp-CodeCell');
  await written('| Idle');
  step('The notebook is open');

  await page.click('text=Run >> nth=0');
  await page.click('text=Run All Cells');
  await page.waitForFunction(() => {
    const cells = [...document.querySelectorAll('.jp-CodeCell')];
    return cells.length > 0 && cells[cells.length - 1].innerText.includes('2026-02-01');
  });
  await written('{"rows":1192,"expired":92}');
  await page.screenshot({ path: path.join(pictures, 'jupyterlab-scd2.png') });
  step('All cells ran: 1192 rows, 92 expired');

  await lastCell().locator('.cm-content').click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('b');
  await write('%graph');
  await page.keyboard.press('Shift+Enter');
  await page.waitForSelector('.jp-RenderedSVG');
  await page.locator('.jp-RenderedSVG').last().scrollIntoViewIfNeeded();
  await page.screenshot({ path: path.join(pictures, 'jupyterlab-graph.png') });
  step('The graph is drawn');

  await write('{"type": "DelimitedExtract", "delim');
  await page.keyboard.press('Tab');
  await page.waitForSelector('.jp-Completer:has-text("delimiter")');
  await page.keyboard.press('Escape');
  step('A key is completed');

  await write('%sql name=long\nSELECT count(*) FROM range(1000000000000L) WHERE id % 7 = 3');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.progress-bar');
  await page.click('[data-command="notebook:interrupt-kernel"]');
  await written('Interrupted.');
  await page.keyboard.press('Escape');
  await write('%sql SELECT count(*) AS still_there FROM contact_history');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.jp-CodeCell >> nth=-1 >> text=still_there >> nth=1');
  step('The stop button stops a query and leaves the views');

  await page.click('text=Kernel >> nth=0');
  await page.click('[data-command="kernelmenu:restart"]');
  await page.click('.jp-Dialog button:has-text("Restart")');
  await page.waitForSelector('.jp-Dialog', { state: 'detached' });
  await write('%sql SELECT count(*) AS gone FROM contact_history');
  await page.keyboard.press('Control+Enter');
  await written('No earlier stage makes the view');
  await page.keyboard.press('Escape');
  await write('%sql SELECT 6 * 7 AS afresh');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.jp-CodeCell >> nth=-1 >> text=afresh >> nth=1');
  step('After a restart the views are gone, and cells run');

  // In a workspace of its own, without the notebook above
  await page.goto(
    url.replace('/lab/tree/scd2-job', '/lab/workspaces/other/tree/nyctaxi-job'),
    { waitUntil: 'domcontentloaded' },
  );
  await page.waitForSelector('.jp-Notebook .jp-CodeCell');
  await written('| Idle');
  await page.click('text=Run >> nth=0');
  await page.click('text=Run All Cells');
  await page.waitForFunction(() => document.body.textContent.includes('"rejected_values":14'));
  step('The other example ran: 14 rejected values');
  await browser.close();
}

main().catch((error) => {
  console.error(String(error).slice(0, 2000));
  process.exit(1);
});
