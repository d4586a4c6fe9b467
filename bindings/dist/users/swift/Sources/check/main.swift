// What a user does first with the Swift package.
import Sitelift

precondition(Interop.helloThere(TestData(data: "test", len: 0)).len == 34)
let site = try Site(html: "<title>Hi</title>", baseURL: "https://a.example/")
precondition(Interop.echo(site) == site && site.title == "Hi")
print(Interop.version)
