// Viewer request of /api/* and /ws/*: says who asked and where, and turns the public WebSocket paths into the one path
// that API Gateway knows. ${Stage} and ${Scheme} are filled in by the template, and by the local front door, which runs
// this same file. The language is what cloudfront-js-2.0 knows; language.test.mjs holds it to that.

var SOCKET = /^\/ws\/(?:chat\/([0-9A-Za-z-]{1,64})\/?)?$/;

function handler(event) {
  var request = event.request;

  // Only CloudFront knows the secret, and it adds it after this function: one that comes from a client is a guess.
  delete request.headers['x-origin-secret'];
  // Replaced, not appended to: functions believe both headers beside the right secret.
  request.headers['x-public-origin'] = { value: '${Scheme}://' + request.headers.host.value };
  request.headers['x-viewer-address'] = { value: event.viewer.ip };

  if (request.uri.indexOf('/ws/') !== 0) {
    return request;
  }
  var socket = SOCKET.exec(request.uri);
  if (!socket) {
    return notFound();
  }
  request.uri = '/${Stage}';
  request.querystring = query(socket[1], request.querystring);
  return request;
}

// The conversation is named by the path alone, and comes first.
function query(conversation, rest) {
  var result = {};
  if (conversation) {
    result.conversation_id = { value: conversation };
  }
  for (var name in rest) {
    if (name !== 'conversation_id') {
      result[name] = rest[name];
    }
  }
  return result;
}

function notFound() {
  return {
    statusCode: 404,
    statusDescription: 'Not Found',
    headers: { 'content-type': { value: 'application/problem+json' }, 'cache-control': { value: 'no-store' } },
    body: JSON.stringify({
      type: '/problems/not-found',
      title: 'Not found',
      status: 404,
      detail: 'There is no such socket. Connect to /ws/chat/{conversation_id}/ or to /ws/.'
    })
  };
}
