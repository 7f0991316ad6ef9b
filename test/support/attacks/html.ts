/** HTML that would call a function that nobody may call, load what is another host's, or break out of what it is in. */

export const HOST = 'https://evil.example';

export const HTML: Record<string, string> = {
  'a script': '<script>pwned()</script>',
  'a script of another host': `<script src="${HOST}/x.js"></script>`,
  'a script that is not closed': '<script>pwned()',
  'a script in upper case': '<ScRiPt >pwned()</sCrIpT\t>',
  'an image with a handler': '<img src="x" onerror="pwned()">',
  'an image with a handler without quotes': '<img/src=x/onerror=pwned()>',
  'a drawing': '<svg onload="pwned()"><script>pwned()</script><a href="javascript:pwned()"><text>a</text></a></svg>',
  formulas: '<math><mtext><table><mglyph><style><img src=x onerror=pwned()></style></mglyph></table></mtext></math>',
  'a noscript': '<noscript><p title="</noscript><img src=x onerror=pwned()>"></noscript>',
  'a template': '<template><img src=x onerror=pwned()></template>',
  'a frame': `<iframe src="${HOST}/"></iframe><iframe srcdoc="<script>parent.pwned()</script>"></iframe>`,
  'an object and an embed': `<object data="${HOST}/x.swf"></object><embed src="${HOST}/x.swf">`,
  'a style': `<style>@import "${HOST}/x.css"; body { display: none }</style>`,
  'a style of an element': `<p style="position:fixed;inset:0;z-index:9999;background:url(${HOST}/x.png)">over all</p>`,
  'a link to a style sheet': `<link rel="stylesheet" href="${HOST}/x.css"><link rel="prefetch" href="${HOST}/y">`,
  'a base': `<base href="${HOST}/">`,
  'a refresh': `<meta http-equiv="refresh" content="0;url=${HOST}/">`,
  'a form that fills itself': `<form action="${HOST}/" id="f"><input autofocus onfocus="pwned()"><button formaction="javascript:pwned()">go</button></form>`,
  'video and sound': `<video src="${HOST}/a.mp4" poster="${HOST}/a.png" autoplay onerror="pwned()"></video><audio src="${HOST}/a.mp3" autoplay></audio>`,
  'a picture': `<picture><source srcset="${HOST}/a.png"><img src="x" alt="a"></picture>`,
  'a folded part with a handler': '<details open ontoggle="pwned()"><summary>a</summary></details>',
  'ids of the page': '<div id="finder" data-search="https://evil.example/x.js"></div><a id="tools" name="search">a</a>',
  'classes of the page': '<div class="top notice is-bad"><button class="copy" data-copy>Copy</button></div>',
  'ends of all that is around': '</code></pre></div></section></main></body></html><h1>mine</h1>',
  'a comment that never ends': '<!-- <p>',
  'marked sections': '<![CDATA[<script>pwned()</script>]]><?php pwned() ?>',
  'names that hide what scripts look for':
    '<form name="forms" id="cookie"><input name="currentScript"><input id="attributes"><input name="parentNode"></form><img name="querySelector" id="documentElement" alt="a"><a id="khoSearch" name="localStorage">b</a><a id="khoSearch" href="cid:pwned">c</a>',
  'ids of all parts of the page':
    '<div id="search">a</div><div id="install">a</div><div id="releases">a</div><div id="members">a</div><div id="hash">a</div><div id="description">a</div><label for="search">a</label><output name="theme" for="search">a</output>',
  'a button for a form elsewhere': `<form id="f"></form><button form="f" formaction="javascript:pwned()" autofocus>go</button><input type="image" src="${HOST}/a.png" formaction="javascript:pwned()">`,
  'a dialog and what pops up':
    '<dialog open style="inset:0"><p>a</p></dialog><div popover="auto" id="p">b</div><button popovertarget="p" popovertargetaction="show">c</button>',
  'a shadow root':
    '<div><template shadowrootmode="open"><style>:host{position:fixed;inset:0}</style><slot></slot><script>pwned()</script></template></div>',
  'elements of one’s own': '<kho-page is="kho-page" onclick="pwned()"><slot name="a">a</slot></kho-page>',
  'what gets the focus by itself':
    '<p contenteditable autofocus tabindex="1" accesskey="k" onfocus="pwned()">a</p><marquee onstart="pwned()">b</marquee><keygen autofocus onfocus="pwned()">',
  'a style that hides in a drawing': '<svg></p><style><a id="</style><img src=1 onerror=pwned()>"></svg>',
  'a form in formulas in a form':
    '<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=pwned()></style>',
  'text in formulas that is HTML':
    '<math><annotation-xml encoding="text/html"><style><img src=x onerror=pwned()></style></annotation-xml></math>',
  'a table in a drawing':
    '<svg><desc><table><thead title="</desc></svg><img src=x onerror=pwned()>"></table></desc></svg>',
  'a comment in a style in a drawing':
    '<table><svg><foreignObject><p><style><!--</style><img src=x onerror=pwned()>--></style></foreignObject></svg></table>',
  'a style in a choice': '<select><style></select><img src=x onerror=pwned()></style></select>',
  'formulas with links':
    '<math href="javascript:pwned()"><mi xlink:href="javascript:pwned()">a</mi><maction actiontype="statusline#http://a">b</maction></math>',
  'a drawing that moves an address': `<svg><a><animate attributeName="href" values="javascript:pwned()"/><text x="9" y="9">a</text></a><image href="${HOST}/a.png"/><use href="data:image/svg+xml,<svg id='x' onload='pwned()'/>#x"/></svg>`,
  'what browsers read as text': [...['noembed', 'textarea', 'title', 'xmp', 'noframes', 'listing', 'iframe']]
    .map((tag) => `<${tag}><p title="</${tag}><img src=x onerror=pwned()>">a</p></${tag}>`)
    .join(''),
  'text to the end': '<plaintext>a</plaintext><script>pwned()</script>',
  'comments that end early':
    '<!--><img src=x onerror=pwned()>--> <!---><img src=x onerror=pwned()>--> <!-- --!><img src=x onerror=pwned()>--> <!-x><img src=x onerror=pwned()>-->',
  'an entity of one’s own':
    '<!DOCTYPE a [<!ENTITY b "<script>pwned()</script>">]><?xml-stylesheet href="javascript:pwned()"?>&b;',
  'tags in pieces':
    '<scr<script>ipt>pwned()</scr</script>ipt> <<script>script>pwned()<</script>/script> <script/x>pwned()</script/y>',
  'zeros in tags': '<scr\0ipt>pwned()</scr\0ipt><\0img src=x onerror=pwned()><img\0 src=x one\0rror=pwned()>',
  'a tag that ends nowhere': '<img src=x onerror=pwned() alt="a',
  'an attribute in an attribute': `<a href="x" title='"><img src=x onerror=pwned()>' alt=\`"'><script>pwned()</script>\`>a</a>`,
  'attributes twice': `<a href="https://example.org/" href="javascript:pwned()" HREF=javascript:pwned()>a</a>`,
  'another character set': '<meta charset="utf-7">+ADw-script+AD4-pwned()+ADw-/script+AD4-',
  'a policy and a window of one’s own':
    '<meta http-equiv="Content-Security-Policy" content="script-src *"><meta name="viewport" content="width=5000"><meta name="referrer" content="unsafe-url">',
  'links that load': `<link rel="manifest" href="${HOST}/m"><link rel="dns-prefetch" href="${HOST}"><link rel="preconnect" href="${HOST}"><link rel="modulepreload" href="${HOST}/x.js"><link rel="icon" href="${HOST}/i.png">`,
  'a link that tells and one that opens': `<a href="https://example.org/" ping="${HOST}/" target="_top" download="a.exe" attributionsrc="${HOST}/">a</a>`,
  'a map of an image':
    '<img src="x" usemap="#m" alt="a"><map name="m"><area shape="default" href="javascript:pwned()" alt="b"></map>',
  'images of all kinds': `<img srcset="${HOST}/a.png 2x" sizes="100vw" alt="a"><img lowsrc="${HOST}/a.png" dynsrc="${HOST}/b.png"><image src="${HOST}/c.png"><body background="${HOST}/d.png" onload="pwned()"><table background="${HOST}/e.png"><tr><td background="${HOST}/f.png">b</table><bgsound src="${HOST}/g.mid">`,
  'parts of long ago': `<applet code="x" archive="${HOST}/x.jar"></applet><frameset onload="pwned()"><frame src="${HOST}/"></frameset><layer src="${HOST}/"></layer><isindex action="javascript:pwned()" prompt="a"><basefont size="7"><font size="7" face="${'W'.repeat(400)}">a</font>`,
  'parts of days to come': `<portal src="${HOST}/"></portal><fencedframe src="${HOST}/"></fencedframe><webview src="${HOST}/"></webview><search id="search"><permission type="geolocation"></search>`,
  'a style that lies above all':
    '<div style="position:absolute;top:0;left:0;width:100vw;height:100vh;z-index:2147483647">a</div><div align="left;position:fixed" style="text-align:left;position:fixed;inset:0">b</div>',
  'styles in disguise':
    '<style>@\\69mport "https://evil.example/x.css";</style><p style="background:u\\72l(https://evil.example/a.png);width:expression(pwned());-moz-binding:url(https://evil.example/x)">a</p>',
  'what is huge':
    '<img src="x" alt="a" width="99999" height="99999"><hr size="99999" width="99999"><table width="99999" border="9999" cellpadding="9999"><col span="100000" width="9999"><tr height="99999"><td width="99999" colspan="100000" rowspan="100000" nowrap>a</table><pre width="9999">b</pre><ol start="999999999999"><li value="-99999999999">c</ol>',
  'a link round all that follows': `<a href="${HOST}/"><h1>a</h1><table><tr><td>b`,
  'text turned round that never ends': '<bdo dir="rtl">moc.elpmaxe<div dir="rtl"><p>a',
  'thousands of links in links': `<a href="${HOST}/">`.repeat(3000),
  'thousands of folded parts': '<details open><summary>a</summary>'.repeat(3000),
  'a thousand empty lines': `${'<br>'.repeat(1000)}a<p>${'&nbsp;<p>'.repeat(1000)}`,
};
