'use strict';

const LIMIT = 50;
const at = id => document.getElementById(id);
let offset = 0;
let chosen = null;
let token = sessionStorage.getItem('token');
let reading = null;

// Amounts come as exact decimal integers, and are shortened without passing through a floating-point number.
function short(digits) {
  if (digits === null || digits === undefined) return '?';
  if (digits.length <= 6) return digits;
  const exponent = digits.length - 1;
  return digits[0] + '.' + digits.slice(1, 4) + 'e' + exponent;
}

function rate(text) {
  return text === null ? '?' : Number(text).toExponential(2).replace('e+', 'e');
}

function words(code) {
  return code.toLowerCase().replaceAll('_', ' ');
}

function percent(text, digits) {
  if (text === null) return '?';
  const least = 10 ** -digits;
  const value = 100 * Number(text);
  return value > 0 && value < least ? '< ' + least + ' %' : value.toFixed(digits) + ' %';
}

function day(text) {
  return text === null ? '?' : text.slice(0, 16).replace('T', ' ') + ' UTC';
}

function covered(figure) {
  if (figure === null) return '0 %';
  if (figure.covered === figure.observations) return '100 %';
  // What rounds to the whole is not the whole.
  const part = Math.floor(1000 * Number(figure.covered) / Number(figure.observations)) / 10;
  return part.toFixed(1) + ' %';
}

// Names come from outside: what would steer the display is shown as its number.
function plain(text) {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    mark => '\\u' + mark.charCodeAt(0).toString(16).padStart(4, '0'));
}

function element(name, text, style) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = plain(text);
  if (style) made.className = style;
  return made;
}

function say(text, bad) {
  if (at('state').textContent !== text) at('state').textContent = text;
  at('state').className = bad ? 'bad' : '';
}

function nextLine(next) {
  const cell = element('td', undefined, 'line');
  if (next === null) {
    cell.textContent = 'none ahead';
    return cell;
  }
  const meter = element('meter');
  meter.min = 0;
  meter.max = 1;
  meter.value = next.share === null ? 0 : Number(next.share);
  meter.setAttribute('aria-label', 'part of the line ' + next.rule);
  cell.append(meter, ' ' + percent(next.share, 1) + ' of ' + short(next.threshold));
  cell.append(element('br'), element('small', next.rule + ', ' + (next.at === null ? 'no date' : 'about ' + day(next.at))));
  return cell;
}

function shownRow(row) {
  const line = element('tr');
  const name = element('th', undefined, 'run');
  name.scope = 'row';
  const button = element('button', row.run, 'run');
  button.type = 'button';
  button.addEventListener('click', () => choose(row.run));
  name.append(button);
  const total = row.total;
  line.append(name,
    element('td', total === null ? '?' : short(total.flop), 'number'),
    element('td', total === null ? '?' : short(total.low) + ' – ' + short(total.high), 'number'),
    element('td', total === null ? '?' : words(total.method)),
    element('td', covered(total), 'number'),
    nextLine(row.next),
    element('td', row.lastStep, 'number'),
    element('td', String(Math.max(0, row.attempts - 1)), 'number'),
    element('td', row.discarded === null ? '?' : short(row.discarded.flop), 'number'),
    element('td', rate(row.flopPerSecond), 'number'),
    element('td', percent(row.modelFlopUtilization, 1), 'number'),
    element('td', row.lastFinding === null ? '' : words(row.lastFinding.kind) + ' ' + row.lastFinding.rule, 'finding'));
  return line;
}

function show(page) {
  const focused = document.activeElement && document.activeElement.classList.contains('run')
    ? document.activeElement.textContent : null;
  at('rows').replaceChildren(...page.rows.map(shownRow));
  if (focused !== null) {
    for (const button of document.querySelectorAll('button.run')) if (button.textContent === focused) button.focus();
  }
  at('none').hidden = page.rows.length > 0;
  at('none').textContent = page.runs === 0 ? 'No run has recorded a step yet.' : 'No run has such a name.';
  const last = page.offset + page.rows.length;
  at('place').textContent = page.rows.length === 0 ? 'no runs'
    : (page.offset + 1) + ' to ' + last + ' of ' + page.matching + (page.matching === 1 ? ' run' : ' runs');
  at('earlier').disabled = page.offset === 0;
  at('later').disabled = last >= page.matching;
  const ledger = page.ledger;
  if (ledger === null) {
    say('Connected.');
  } else if (ledger.failed) {
    say('The ledger has stopped after a failure. What it acknowledged is safe; nothing more is taken in.', true);
  } else {
    say(page.runs + (page.runs === 1 ? ' run, ' : ' runs, ') + ledger.accepted + ' observations since the start, ' + ledger.pending + ' not on the disk yet, '
      + ledger.conflicts + ' contradicting, ' + ledger.rejected + ' rejected.', false);
  }
  if (chosen !== null) detail();
}

function headers() {
  return token === null ? {} : { Authorization: 'Bearer ' + token };
}

function choose(run) {
  chosen = run;
  detail();
}

function items(id, list, text) {
  at(id).replaceChildren(...(list.length === 0 ? [element('li', 'none')] : list.map(each => element('li', text(each)))));
}

async function detail() {
  const wanted = chosen;
  const response = await fetch('/v1/run?id=' + encodeURIComponent(wanted), { headers: headers() });
  if (!response.ok || wanted !== chosen) return;
  const run = await response.json();
  at('detail').hidden = false;
  at('detail-title').textContent = plain(run.run);
  at('exact').textContent = run.total === null ? 'No step of it can be priced.'
    : run.total.flop + ' FLOP by ' + words(run.total.method) + ', at least ' + run.total.low + ' and at most ' + run.total.high + '; '
      + run.total.covered + ' of ' + run.total.observations + ' observations are covered.';
  items('stages', run.stages, each => words(each.stage) + ': '
    + (each.compute === null ? '?' : each.compute.flop + ' FLOP'));
  items('ahead', run.ahead, each => each.rule + ': ' + percent(each.share, 2) + ' of ' + each.threshold
    + (each.at === null ? '' : ', about ' + day(each.at) + ' (' + day(each.earliestAt) + ' to ' + day(each.latestAt) + ')'));
  items('findings', run.findings, each => each.summary);
}

// The events are read by fetch and not by EventSource, which cannot send the token.
async function follow() {
  if (reading !== null) reading.abort();
  const mine = new AbortController();
  reading = mine;
  const query = new URLSearchParams({ offset: String(offset), limit: String(LIMIT), filter: at('filter').value });
  while (reading === mine) {
    try {
      const response = await fetch('/v1/events?' + query, { headers: headers(), signal: mine.signal });
      if (response.status === 401) {
        at('door').hidden = false;
        say('This collector asks for its token.', true);
        return;
      }
      if (!response.ok) throw new Error('status ' + response.status);
      at('door').hidden = true;
      await read(response.body.getReader());
    } catch (failure) {
      if (mine.signal.aborted) return;
    }
    if (reading === mine) {
      say('The connection was lost; trying again.', true);
      await new Promise(done => setTimeout(done, 2000));
    }
  }
}

async function read(reader) {
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const piece = await reader.read();
    if (piece.done) return;
    text += decoder.decode(piece.value, { stream: true });
    let end;
    while ((end = text.indexOf('\n\n')) >= 0) {
      const event = text.slice(0, end);
      text = text.slice(end + 2);
      if (event.startsWith('data: ')) show(JSON.parse(event.slice(6)));
    }
  }
}

at('door').addEventListener('submit', event => {
  event.preventDefault();
  token = at('token').value;
  sessionStorage.setItem('token', token);
  follow();
});
at('filter').addEventListener('input', () => { offset = 0; follow(); });
at('earlier').addEventListener('click', () => { offset = Math.max(0, offset - LIMIT); follow(); });
at('later').addEventListener('click', () => { offset += LIMIT; follow(); });
follow();
