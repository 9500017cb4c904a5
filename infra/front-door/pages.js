// Viewer request of everything that is neither /api/* nor /ws/*: a path without a file extension is a page of the
// single-page application, which routes it in the browser. Not done with an error page, because that would also turn
// a missing script into a page.

function handler(event) {
  var request = event.request;
  var name = request.uri.substring(request.uri.lastIndexOf('/') + 1);
  if (name.indexOf('.') === -1) {
    request.uri = '/index.html';
  }
  return request;
}
