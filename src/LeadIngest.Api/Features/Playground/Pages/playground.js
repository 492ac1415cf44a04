// The panel beside the pages: how to arrive, what the service knows of this visit, and a button that makes the emulated PBX call the shown number.
(function () {
  'use strict';
  var siteNumber = '+74951234567';
  var panel = document.getElementById('panel');
  var setup = { emulator: '' };

  var arrivals = [
    ['Яндекс.Директ', '?utm_source=yandex&utm_medium=cpc&utm_campaign=%D0%9F%D0%BE%D0%B8%D1%81%D0%BA_%D0%9E%D0%BA%D0%BD%D0%B0_%D0%9C%D0%BE%D1%81%D0%BA%D0%B2%D0%B0&utm_term=%D0%BF%D0%BB%D0%B0%D1%81%D1%82%D0%B8%D0%BA%D0%BE%D0%B2%D1%8B%D0%B5+%D0%BE%D0%BA%D0%BD%D0%B0+%D1%86%D0%B5%D0%BD%D0%B0&yclid=17893022551'],
    ['VK Реклама', '?utm_source=vk&utm_medium=cpc&utm_campaign=%D0%9E%D1%81%D0%B5%D0%BD%D0%BD%D0%B8%D0%B5_%D1%81%D0%BA%D0%B8%D0%B4%D0%BA%D0%B8&utm_content=banner_2'],
    ['Google', '?utm_source=google&utm_medium=cpc&utm_campaign=windows_msk&gclid=EAIaIQobChMI'],
    ['Поиск Яндекса без рекламы', '?from_host=yandex.ru'],
    ['Прямой заход', '']
  ];

  function element(tag, text, parent, attributes) {
    var made = document.createElement(tag);
    if (text !== null && text !== undefined) made.textContent = text;
    for (var name in attributes || {}) made.setAttribute(name, attributes[name]);
    if (parent) parent.appendChild(made);
    return made;
  }

  function section(title, id) {
    var made = element('section', null, panel, { id: id });
    element('h2', title, made);
    return made;
  }

  function fact(list, name, value, kind) {
    if (value === null || value === undefined || value === '') return;
    element('dt', name, list);
    return element('dd', value, list, kind ? { 'class': kind } : {});
  }

  // "+74951230005" → "+7 495 123-00-05".
  function written(number) {
    return (number || '').replace(/^\+7(\d{3})(\d{3})(\d\d)(\d\d)$/, '+7 $1 $2-$3-$4');
  }

  var words = {
    paid_search: 'контекстная реклама', paid_social: 'реклама в соцсетях', organic_search: 'поиск без рекламы', organic_social: 'соцсети', referral: 'переход с сайта',
    direct: 'прямой заход', unknown: 'неизвестно',
    utm: 'по меткам utm', click_id: 'по метке клика', referrer: 'по странице перехода', visit: 'по визиту', number: 'по номеру', calltracking: 'по коллтрекингу', none: 'не по чему',
    exact: 'точно', likely: 'вероятно', guessed: 'предположительно',
    'new': 'новый', repeat: 'повторный', duplicate: 'дубль', spam: 'спам', test: 'проверка',
    pending: 'ждёт отправки', sending: 'отправляется', in_doubt: 'проверяется', dead: 'не доставлено'
  };
  function inWords(word) { return words[word] || word; }

  var arrive = section('Прийти на сайт', 'arrivals');
  var links = element('ul', null, arrive, { 'class': 'links' });
  arrivals.forEach(function (arrival) {
    element('a', arrival[0], element('li', null, links), { href: '/playground/' + arrival[1] });
  });

  var visitPart = section('Визит и номер', 'visit');
  var visitFacts = element('dl', null, visitPart);
  var row = element('div', null, visitPart, { 'class': 'row' });
  var call = element('button', 'Позвонить на показанный номер', row, { id: 'call', type: 'button' });
  var missed = element('button', 'Позвонить, не дождаться ответа', row, { id: 'missed', type: 'button', 'class': 'second' });
  var said = element('p', '', visitPart, { 'class': 'hint', role: 'status' });

  var leadsPart = section('Лиды этого визита', 'enquiries');
  var leadsList = element('div', 'Пока нет: отправьте форму или позвоните.', leadsPart, { id: 'leads' });

  function shownNumber() {
    var link = document.querySelector('a.phone');
    return '+' + link.getAttribute('href').replace(/\D/g, '').replace(/^8/, '7');
  }

  function visit() {
    try { return window.leadingest && window.leadingest.visit && window.leadingest.visit() || {}; } catch (e) { return {}; }
  }

  function drawVisit(known) {
    var number = shownNumber();
    visitFacts.textContent = '';
    fact(visitFacts, 'Номер', written(number), 'number').setAttribute('data-leadingest', 'off');
    fact(visitFacts, 'Откуда он', number === siteNumber ? 'номер сайта, не заменён' : 'из пула, закреплён за визитом', number === siteNumber ? '' : 'good');
    fact(visitFacts, 'Визит', visit().visitId || 'ещё не начат', visit().visitId && 'mono');
    if (known) {
      fact(visitFacts, 'Канал', inWords(known.channel));
      fact(visitFacts, 'Источник', known.source);
      fact(visitFacts, 'Кампания', known.campaign);
      fact(visitFacts, 'Ключевая фраза', known.keyword);
      fact(visitFacts, 'Страниц', known.pageViews);
    }
  }

  // Drawn anew each time, what somebody has closed stays closed.
  var opened = {};

  function drawLead(lead, cards) {
    var made = element('div', null, leadsList, { 'class': 'leadcard', 'data-lead': lead.id });
    var head = element('p', null, made, { 'class': 'head' });
    element('b', lead.kind === 'call' ? 'Звонок' : 'Заявка', head);
    element('span', inWords(lead.status), head, { 'class': 'tag' });
    var facts = element('dl', null, made);
    fact(facts, 'Телефон', written(lead.phone));
    fact(facts, 'Имя', lead.name);
    fact(facts, 'Источник', lead.passport.source);
    fact(facts, 'Кампания', lead.passport.campaign);
    fact(facts, 'Ключевая фраза', lead.passport.keyword);
    fact(facts, 'Найдено', inWords(lead.passport.origin) + ', ' + inWords(lead.passport.confidence));
    lead.deliveries.forEach(function (delivery) {
      var name = delivery.crm === 'amocrm' ? 'amoCRM' : 'Битрикс24';
      var card = cards[delivery.crm + '/' + delivery.remoteLeadId];
      fact(facts, name, delivery.state === 'delivered' ? 'сделка ' + delivery.remoteLeadId + (card ? ': ' + card : '') : inWords(delivery.state), delivery.state === 'delivered' ? 'good' : '');
    });
    var why = element('details', null, made);
    element('summary', 'Почему так решено', why);
    why.open = opened[lead.id] !== false;
    why.addEventListener('toggle', function () { opened[lead.id] = why.open; });
    var evidence = element('ul', null, why, { 'class': 'evidence' });
    lead.passport.evidence.forEach(function (line) { element('li', line, evidence); });
  }

  function ask(address) {
    return fetch(address).then(function (answer) { return answer.ok ? answer.json() : null; }).catch(function () { return null; });
  }

  function cards(leads) {
    if (!leads.length) return Promise.resolve({});
    return Promise.all([ask(setup.emulator + '/_state/amocrm/leads'), ask(setup.emulator + '/_state/bitrix24/deals')]).then(function (crms) {
      var found = {};
      (crms[0] || []).forEach(function (card) { found['amocrm/' + card.id] = card.name; });
      (crms[1] || []).forEach(function (card) { found['bitrix24/' + card.ID] = card.TITLE; });
      return found;
    });
  }

  function refresh() {
    var id = visit().visitId;
    drawVisit(null);
    if (!id) return Promise.resolve();
    return ask('/playground/state?visitId=' + encodeURIComponent(id)).then(function (state) {
      if (!state) return;
      setup.emulator = state.emulator;
      drawVisit(state.visit);
      return cards(state.leads).then(function (found) {
        if (!state.leads.length) return;
        leadsList.textContent = '';
        state.leads.forEach(function (lead) { drawLead(lead, found); });
      });
    });
  }

  function ring(outcome) {
    var number = shownNumber();
    call.disabled = missed.disabled = true;
    said.textContent = 'Звоним на ' + written(number) + '…';
    fetch(setup.emulator + '/_act/pbx', {
      method: 'POST', headers: { 'Content-Type': 'application/json' },
      // It begins now: left alone, the PBX would have it end now, and so begin before the visitor came.
      body: JSON.stringify({ to: number, outcome: outcome, at: new Date().toISOString(), talkSeconds: outcome === 'answered' ? 64 : 0, recording: outcome === 'answered' })
    }).then(function (answer) {
      return answer.json().then(function (made) {
        var refused = (made.events || []).filter(function (told) { return told.status !== 200; })[0];
        if (!answer.ok) said.textContent = 'АТС ответила ' + answer.status + ': ' + made.error;
        else if (refused) said.textContent = 'Сервис не принял звонок: ' + (refused.status || 'нет ответа') + '.';
        else said.textContent = 'Звонок на ' + written(number) + ' передан сервису.';
      });
    }).catch(function () {
      said.textContent = 'Эмулятор АТС не отвечает.';
    }).then(function () {
      call.disabled = missed.disabled = false;
      return refresh();
    });
  }

  call.addEventListener('click', function () { ring('answered'); });
  missed.addEventListener('click', function () { ring('missed'); });
  document.addEventListener('leadingest:sent', function (event) {
    var done = event.target.querySelector && event.target.querySelector('.done');
    if (done) done.hidden = false;
    refresh();
  });
  setTimeout(function () {
    var later = document.getElementById('later');
    if (later) later.textContent = 'Добавлен позже: +7 495 123-45-67';
  }, 2000);
  refresh();
  setInterval(refresh, 1500);
})();
