// A search engine cannot be made to send a visitor here, so the page pretends: ?from_host=… stands for what the browser would name as the page before.
(function () {
  var from = new URLSearchParams(location.search).get('from_host');
  if (!from) return;
  Object.defineProperty(document, 'referrer', { get: function () { return 'https://' + from + '/'; }, configurable: true });
  history.replaceState(null, '', location.pathname);
})();
