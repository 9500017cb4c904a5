import { Cable } from '../support/Cable';
import { Script } from '../support/Script';
import { expect, test, unique } from '../support/test';

test('a connection that is lost is said, and nothing of the answer is', async ({ chat, peer, page }) => {
  const cable = await Cable.under(page);
  const prompt = unique('Bridge the gap.');
  const [first, second, third] = [unique('first'), unique('second'), unique('third')];
  await peer.answer(
    prompt,
    Script.answer('Before, ')
      .hold(first)
      .text('meanwhile ')
      .hold(second)
      .text('and ')
      .hold(third)
      .text('after.')
      .finish(),
  );
  await chat.open();
  await chat.say(prompt);
  await expect(chat.paragraphs).toHaveText('Before,');

  await cable.cut();
  await expect(page.getByText(/^Reconnecting/)).toBeVisible();
  await peer.release(first);
  // Without a socket the answer is followed by reading it.
  await expect(chat.paragraphs).toHaveText('Before, meanwhile');

  cable.mend();
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await peer.release(second);
  await expect(chat.paragraphs).toHaveText('Before, meanwhile and');
  await peer.release(third);
  await expect(chat.paragraphs).toHaveText('Before, meanwhile and after.');
  await chat.untilFinished();
});

test('a window that opens just before the end of an answer sees it', async ({ api, chat, peer, page }) => {
  const id = await api.createConversation();
  const prompt = unique('End when I look.');
  const hold = unique('hold');
  await peer.answer(prompt, Script.answer('The ').hold(hold).text('end.').finish());
  await api.post(id, prompt);
  await chat.open(id);
  await expect(chat.paragraphs).toHaveText('The');
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await peer.release(hold);
  await expect(chat.paragraphs).toHaveText('The end.');
});

test('a prompt reaches the portal when no socket does', async ({ chat, peer, page }) => {
  const cable = await Cable.under(page);
  await cable.cut();
  const prompt = unique('By the other road.');
  await peer.answer(prompt, Script.answer('It came through.').finish());
  await chat.open();
  await chat.ask(prompt);
  await expect(chat.promptTexts).toHaveText([prompt]);
  await expect(chat.paragraphs).toHaveText('It came through.');
});
